import type { InferenceSession } from 'onnxruntime-node';
import { Decoder } from './decoder';
import type { DecoderCheckpoint } from './decoderCheckpoint';
import { buildGraphs } from './graphs/buildGraphs';
import { linear } from './graphs/linear';
import { commonFolder } from './modelFolder';
import { createSession, loadRuntime } from './onnxRuntime';

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

/** Loads a checkpoint's graphs with its weights. Rejects with a `CheckpointError`, and then nothing stays loaded. */
export async function openDecoderSessions({ config, weights, facts }: DecoderCheckpoint, { threads }: OpenOptions): Promise<DecoderSessions> {
  const runtime = await loadRuntime();
  const { folder, relative } = await commonFolder(weights.files.map(({ file }) => file));
  const graphs = buildGraphs(config, weights, linear, (file) => relative.get(file) ?? file);
  const options = { folder, threads, source: facts.folder };
  const body = await createSession(graphs.body, options);
  try {
    return { decoder: new Decoder(config, body, runtime), head: await createSession(graphs.head, options) };
  } catch (error) {
    await body.release();
    throw error;
  }
}
