import type { InferenceSession } from 'onnxruntime-node';
import { Decoder } from './decoder';
import type { DecoderCheckpoint } from './decoderCheckpoint';
import { buildGraphs, type DecoderGraphs } from './graphs/buildGraphs';
import { int8Linear, quantizedName } from './graphs/int8Linear';
import { type Linear, linear, type LinearWeight } from './graphs/linear';
import { commonFolder } from './commonFolder';
import { createSession, loadRuntime, type SessionOptions } from './onnxRuntime';
import { quantize, type QuantizedMatrix } from './quantize';
import type { StoredTensor } from './safetensors';
import { readBytes } from './weights';

export interface OpenOptions {
  /** `int8` is about three times as fast and its losses are close, not equal. */
  readonly precision: 'fp32' | 'int8';
  readonly threads: number;
}

export interface DecoderSessions {
  readonly decoder: Decoder;
  /** See `addLanguageHead` and `addRewardHead`. */
  readonly head: InferenceSession;
}

export async function releaseSessions({ decoder, head }: DecoderSessions): Promise<void> {
  await Promise.all([decoder.dispose(), head.release()]);
}

interface LoadPlan {
  readonly graphs: DecoderGraphs;
  readonly sources: Pick<SessionOptions, 'folder' | 'contents'>;
}

/** Loads a checkpoint's graphs with its weights. Rejects with a `CheckpointError`, and then nothing stays loaded. */
export async function openDecoderSessions(checkpoint: DecoderCheckpoint, { precision, threads }: OpenOptions): Promise<DecoderSessions> {
  const runtime = await loadRuntime();
  const { graphs, sources } = await (precision === 'int8' ? planInt8(checkpoint) : planFp32(checkpoint));
  const options = { ...sources, threads, source: checkpoint.source };
  const body = await createSession(graphs.body, options);
  try {
    return { decoder: new Decoder(checkpoint.config, body, runtime), head: await createSession(graphs.head, options) };
  } catch (error) {
    await body.release();
    throw error;
  }
}

/** The runtime maps the files into memory itself. */
async function planFp32({ config, weights }: DecoderCheckpoint): Promise<LoadPlan> {
  const { folder, relative } = await commonFolder(weights.files.map(({ file }) => file));
  return { graphs: buildGraphs(config, weights, linear, ({ file, offset }) => ({ file: relative.get(file) ?? file, offset })), sources: { folder } };
}

/** The runtime takes all weights from files or all from memory: what is not quantised is read too. */
async function planInt8(checkpoint: DecoderCheckpoint): Promise<LoadPlan> {
  const matrices = await quantizeAll(checkpoint);
  const graphs = buildGraphs(checkpoint.config, checkpoint.weights, int8Linear(matrices), ({ name }) => ({ file: name, offset: 0 }));
  const contents = new Map<string, Uint8Array>();
  for (const [tensor, { values }] of matrices) contents.set(quantizedName(tensor), new Uint8Array(values.buffer));
  for (const tensor of graphs.tensors) contents.set(tensor.name, await readBytes(tensor));
  return { graphs, sources: { contents } };
}

/** Every matrix that the graphs multiply by. */
async function quantizeAll({ config, weights }: DecoderCheckpoint): Promise<Map<StoredTensor, QuantizedMatrix>> {
  const matrices = new Map<StoredTensor, LinearWeight>();
  const noted: Linear = (_graph, rows, weight) => {
    matrices.set(weight.tensor, weight);
    return rows;
  };
  buildGraphs(config, weights, noted, ({ file, offset }) => ({ file, offset }));
  const quantized = new Map<StoredTensor, QuantizedMatrix>();
  for (const [tensor, weight] of matrices) quantized.set(tensor, await quantize(weight));
  return quantized;
}
