import type { DecoderConfig } from '../decoderConfig';
import type { StoredTensor } from '../safetensors';
import type { Weights } from '../weights';
import { addDecoder } from './decoderGraph';
import { addLanguageHead, addRewardHead } from './headGraphs';
import type { Linear } from './linear';
import { type Locate, OnnxGraph } from './onnxGraph';

export interface DecoderGraphs {
  /** See `addDecoder`. */
  readonly body: Uint8Array;
  /** See `addLanguageHead` and `addRewardHead`. */
  readonly head: Uint8Array;
  /** Every weight that the two read. */
  readonly tensors: readonly StoredTensor[];
}

/**
 * The ONNX models of a checkpoint, its weights by reference. Throws a `CheckpointError` when one is missing or has another
 * shape than the config asks for.
 */
export function buildGraphs(config: DecoderConfig, weights: Weights, linear: Linear, locate: Locate): DecoderGraphs {
  const [body, head] = [new OnnxGraph(locate), new OnnxGraph(locate)];
  addDecoder(config, { graph: body, weights, linear });
  (config.head === 'reward' ? addRewardHead : addLanguageHead)(config, { graph: head, weights, linear });
  const tensors = new Map([...body.weights, ...head.weights].map((tensor) => [tensor.name, tensor]));
  return { body: body.finish(), head: head.finish(), tensors: [...tensors.values()] };
}
