import type { FileHandle } from 'node:fs/promises';
import protobuf from 'protobufjs/minimal.js';
import { readExactly, withFile } from './boundedRead';
import { CheckpointError } from './checkpointError';

/** An input or output of a model's graph. A side is a number, or a name (possibly empty) where it is known only when the graph runs. */
export interface OnnxValue {
  readonly name: string;
  /** As TensorProto numbers element types; 0 where the value is no tensor. */
  readonly type: number;
  readonly shape: readonly (number | string)[];
}

export interface OnnxSignature {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

const maxValueBytes = 2 ** 16;
const maxFields = 2 ** 22;
const windowBytes = 2 ** 16;

/** Reads the inputs and outputs of an ONNX file, passing over weights and nodes unread. Rejects with a `CheckpointError`. */
export function readOnnxSignature(file: string): Promise<OnnxSignature> {
  return withFile(file, async (handle, size) => {
    const reader = new FieldReader(handle, file);
    const inputs: OnnxValue[] = [];
    const outputs: OnnxValue[] = [];
    for await (const model of reader.fields(0, size)) {
      if (model.field !== 7) continue;
      for await (const { field, start, end } of reader.fields(model.start, model.end)) {
        if (field === 11) inputs.push(await reader.value(start, end));
        if (field === 12) outputs.push(await reader.value(start, end));
      }
    }
    if (inputs.length === 0 || outputs.length === 0) throw damaged(file);
    return { inputs, outputs };
  });
}

/** Walks the fields of protobuf messages in a file through a small window. */
class FieldReader {
  readonly #handle: FileHandle;
  readonly #file: string;
  #window = Buffer.alloc(0);
  #windowStart = 0;
  #fields = 0;

  constructor(handle: FileHandle, file: string) {
    this.#handle = handle;
    this.#file = file;
  }

  /** Fields of the message at start..end: their numbers and where their contents lie. */
  async *fields(start: number, end: number): AsyncGenerator<{ readonly field: number; readonly start: number; readonly end: number }> {
    let position = start;
    while (position < end) {
      if (++this.#fields > maxFields) throw damaged(this.#file);
      const tag = await this.#varint(position, end);
      const wire = tag.value & 7;
      let [from, to] = [tag.next, tag.next];
      if (wire === 0) to = (await this.#varint(from, end)).next;
      else if (wire === 1) to += 8;
      else if (wire === 5) to += 4;
      else if (wire === 2) {
        const length = await this.#varint(from, end);
        from = length.next;
        to = from + length.value;
      } else throw damaged(this.#file);
      if (to > end) throw damaged(this.#file);
      yield { field: Math.floor(tag.value / 8), start: from, end: to };
      position = to;
    }
  }

  async value(start: number, end: number): Promise<OnnxValue> {
    if (end - start > maxValueBytes) throw damaged(this.#file);
    const bytes = Buffer.alloc(end - start);
    await readExactly(this.#handle, this.#file, start, bytes);
    try {
      return parseValue(bytes);
    } catch {
      throw damaged(this.#file); // The parser's own message is about offsets in these few bytes.
    }
  }

  async #varint(position: number, end: number): Promise<{ readonly value: number; readonly next: number }> {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = await this.#byte(position + i, end);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, next: position + i + 1 };
    }
    throw damaged(this.#file);
  }

  async #byte(position: number, end: number): Promise<number> {
    if (position >= end) throw damaged(this.#file);
    if (position < this.#windowStart || position >= this.#windowStart + this.#window.length) {
      this.#window = Buffer.alloc(Math.min(windowBytes, end - position));
      this.#windowStart = position;
      await readExactly(this.#handle, this.#file, position, this.#window);
    }
    return this.#window[position - this.#windowStart] ?? 0;
  }
}

/** ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1, dim_param = 2 } } } } } */
function parseValue(bytes: Uint8Array): OnnxValue {
  let [name, type] = ['', 0];
  const shape: (number | string)[] = [];
  each(bytes, {
    1: (value) => (name = value.string()),
    2: (value) => each(value.bytes(), { 1: (tensor) => each(tensor.bytes(), { 1: (element) => (type = element.int32()), 2: (sides) => each(sides.bytes(), { 1: (side) => shape.push(parseSide(side.bytes())) }) }) }),
  });
  return { name, type, shape };
}

function parseSide(bytes: Uint8Array): number | string {
  let side: number | string = '';
  each(bytes, { 1: (value) => (side = Number(value.int64())), 2: (value) => (side = value.string()) });
  return side;
}

function each(bytes: Uint8Array, readers: Readonly<Record<number, (reader: protobuf.Reader) => unknown>>): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const read = readers[tag >>> 3];
    if (read === undefined) reader.skipType(tag & 7);
    else read(reader);
  }
}

function damaged(file: string): CheckpointError {
  return new CheckpointError(`${file} is damaged or no ONNX model; fetch it again.`);
}
