import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { errorMessage } from '../../../base/errorMessage';
import { CheckpointError } from './checkpointError';

/** The native library, loaded when the first model needs it. Rejects with a `CheckpointError` where it does not run. */
export async function loadRuntime(): Promise<typeof OnnxRuntime> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new CheckpointError(`The ONNX runtime does not load on this machine (${process.platform} ${process.arch}: ${firstLine(error)}); score with the embedded scorer or a server instead.`);
  }
}

export interface SessionOptions {
  /** Folder that the graph's external files are named from. */
  readonly folder?: string;
  readonly threads: number;
  /** Contents of external files that are on no disk, by the names the graph gives them. */
  readonly contents?: ReadonlyMap<string, Uint8Array>;
  /** What the model was made from, for messages. */
  readonly source: string;
}

/** Rejects with a `CheckpointError` that names `source` when the runtime cannot take the model. */
export async function createSession(model: Uint8Array | string, { folder, threads, contents, source }: SessionOptions): Promise<InferenceSession> {
  const runtime = await loadRuntime();
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    ...(contents === undefined ? {} : { externalData: [...contents].map(([path, data]) => ({ path, data })) }),
    ...(folder === undefined ? {} : { extra: { session: { model_external_initializers_file_folder_path: folder } } }),
  };
  try {
    return await (typeof model === 'string' ? runtime.InferenceSession.create(model, options) : runtime.InferenceSession.create(model, options));
  } catch (error) {
    throw new CheckpointError(`${source} cannot be run (${firstLine(error)}); fetch it again, or choose another model.`);
  }
}

/** The runtime's messages go on for paragraphs of source locations. */
export function firstLine(error: unknown): string {
  const line = errorMessage(error).split('\n')[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
