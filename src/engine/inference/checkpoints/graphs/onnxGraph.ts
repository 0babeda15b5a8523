import protobuf from 'protobufjs/minimal.js';
import type { StoredTensor, WeightType } from '../safetensors';

/** Element types, as TensorProto numbers them (onnx.proto). */
export const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;
export type ElementType = keyof typeof elementTypes;

/** A number is a fixed side, a name one that is known when the graph runs. */
export type Side = number | string;
export type Attribute = number | { readonly float: number } | readonly number[] | string;

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Outputs wanted; '' skips one. One, named by the graph, when absent. */
  readonly outputs?: readonly string[];
  /** ONNX Runtime's own operators are in `com.microsoft`. */
  readonly domain?: 'com.microsoft';
}

/** Where the runtime finds the bytes of a weight. */
export interface Place {
  /** A path from the folder that the session is given, or the name of contents that it is given. */
  readonly file: string;
  readonly offset: number;
}
export type Locate = (tensor: StoredTensor) => Place;

const weightElements: Readonly<Record<WeightType, ElementType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

// Field numbers of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3), each with its wire type in the low bits.
const varint = (field: number) => (field << 3) >>> 0;
const length = (field: number) => ((field << 3) | 2) >>> 0;
const fixed32 = (field: number) => ((field << 3) | 5) >>> 0;

/**
 * Writes an ONNX model node by node. Values are named; `node` gives the name of its result, to be used as input of the next.
 * Weights stay where they are: the model names file, offset and length.
 */
export class OnnxGraph {
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];
  readonly #stored = new Map<StoredTensor, string>();
  readonly #locate: Locate;
  #names = 0;

  constructor(locate: Locate) {
    this.#locate = locate;
  }

  /** Those named so far. */
  get weights(): readonly StoredTensor[] {
    return [...this.#stored.keys()];
  }

  input(name: string, type: ElementType, shape: readonly Side[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, type: ElementType, shape: readonly Side[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** The name of the first output. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const outputs = options.outputs ?? [`v${this.#names++}`];
    const writer = protobuf.Writer.create();
    for (const input of inputs) writer.uint32(length(1)).string(input);
    for (const output of outputs) writer.uint32(length(2)).string(output);
    writer.uint32(length(4)).string(operator);
    for (const [name, value] of Object.entries(options.attributes ?? {})) writer.uint32(length(5)).bytes(attribute(name, value));
    if (options.domain !== undefined) writer.uint32(length(7)).string(options.domain);
    this.#nodes.push(writer.finish());
    return outputs[0] ?? '';
  }

  /** A weight as it lies in its file, in its own element type. */
  stored(tensor: StoredTensor): string {
    const known = this.#stored.get(tensor);
    if (known !== undefined) return known;
    const name = `w${this.#stored.size}`;
    this.external(name, weightElements[tensor.type], tensor.shape, { ...this.#locate(tensor), bytes: tensor.bytes });
    this.#stored.set(tensor, name);
    return name;
  }

  /** A weight in single precision; the runtime widens 16-bit ones once, when it loads the graph. */
  weight(tensor: StoredTensor): string {
    const name = this.stored(tensor);
    return tensor.type === 'F32' ? name : this.node('Cast', [name], { attributes: { to: elementTypes.float32 } });
  }

  /** The table's rows of those ids, in single precision; only they are widened. */
  embed(table: StoredTensor, ids: string): string {
    const rows = this.node('Gather', [this.stored(table), ids]);
    return table.type === 'F32' ? rows : this.node('Cast', [rows], { attributes: { to: elementTypes.float32 } });
  }

  external(name: string, type: ElementType, shape: readonly number[], place: Place & { readonly bytes: number }): string {
    const writer = tensorHead(name, type, shape);
    const entries = { location: place.file, offset: String(place.offset), length: String(place.bytes) };
    for (const [key, value] of Object.entries(entries)) writer.uint32(length(13)).fork().uint32(length(1)).string(key).uint32(length(2)).string(value).ldelim();
    this.#initializers.push(writer.uint32(varint(14)).int32(1).finish());
    return name;
  }

  /** A small tensor inside the graph. */
  constant(values: Float32Array | BigInt64Array | Int32Array | Uint8Array | Int8Array, shape: readonly number[]): string {
    const name = `c${this.#names++}`;
    const writer = tensorHead(name, elementOf(values), shape);
    this.#initializers.push(writer.uint32(length(9)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).finish());
    return name;
  }

  integers(...values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  finish(): Uint8Array {
    const graph = protobuf.Writer.create();
    for (const node of this.#nodes) graph.uint32(length(1)).bytes(node);
    graph.uint32(length(2)).string('checkpoint');
    for (const initializer of this.#initializers) graph.uint32(length(5)).bytes(initializer);
    for (const input of this.#inputs) graph.uint32(length(11)).bytes(input);
    for (const output of this.#outputs) graph.uint32(length(12)).bytes(output);
    const model = protobuf.Writer.create();
    model.uint32(varint(1)).int64(8);
    model.uint32(length(7)).bytes(graph.finish());
    for (const [domain, opset] of [['', 17], ['com.microsoft', 1]] as const) model.uint32(length(8)).fork().uint32(length(1)).string(domain).uint32(varint(2)).int64(opset).ldelim();
    return model.finish();
  }
}

function tensorHead(name: string, type: ElementType, shape: readonly number[]): protobuf.Writer {
  const writer = protobuf.Writer.create();
  for (const side of shape) writer.uint32(varint(1)).int64(side);
  return writer.uint32(varint(2)).int32(elementTypes[type]).uint32(length(8)).string(name);
}

function valueInfo(name: string, type: ElementType, shape: readonly Side[]): Uint8Array {
  const writer = protobuf.Writer.create().uint32(length(1)).string(name);
  writer.uint32(length(2)).fork().uint32(length(1)).fork().uint32(varint(1)).int32(elementTypes[type]).uint32(length(2)).fork();
  for (const side of shape) {
    writer.uint32(length(1)).fork();
    if (typeof side === 'number') writer.uint32(varint(1)).int64(side);
    else writer.uint32(length(2)).string(side);
    writer.ldelim();
  }
  return writer.ldelim().ldelim().ldelim().finish();
}

function attribute(name: string, value: Attribute): Uint8Array {
  const writer = protobuf.Writer.create().uint32(length(1)).string(name);
  if (typeof value === 'number') writer.uint32(varint(3)).int64(value).uint32(varint(20)).int32(2);
  else if (typeof value === 'string') writer.uint32(length(4)).bytes(new TextEncoder().encode(value)).uint32(varint(20)).int32(3);
  else if ('float' in value) writer.uint32(fixed32(2)).float(value.float).uint32(varint(20)).int32(1);
  else {
    for (const one of value) writer.uint32(varint(8)).int64(one);
    writer.uint32(varint(20)).int32(7);
  }
  return writer.finish();
}

function elementOf(values: Float32Array | BigInt64Array | Int32Array | Uint8Array | Int8Array): ElementType {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof BigInt64Array) return 'int64';
  if (values instanceof Int32Array) return 'int32';
  return values instanceof Int8Array ? 'int8' : 'uint8';
}
