import type { CheckpointFacts } from './checkpointFacts';
import type { DecoderConfig } from './decoderConfig';
import { fingerprint } from './fingerprint';
import { buildGraphs } from './graphs/buildGraphs';
import { linear } from './graphs/linear';
import { readModelConfig } from './modelConfig';
import { readWeights, type Weights } from './weights';

/** A folder of config.json and safetensors in which every tensor that its architecture needs has been found. */
export interface DecoderCheckpoint {
  readonly config: DecoderConfig;
  readonly weights: Weights;
  readonly facts: CheckpointFacts;
  /** Where the weights are, for messages: their file, or the folder of several. */
  readonly source: string;
}

/** Reads config and headers and samples the weights. Rejects with a `CheckpointError`. */
export async function readDecoderCheckpoint(folder: string, signal?: AbortSignal): Promise<DecoderCheckpoint> {
  const config = await readModelConfig(folder);
  signal?.throwIfAborted();
  const weights = await readWeights(folder);
  signal?.throwIfAborted();
  const { tensors } = buildGraphs(config, weights, linear, ({ file, offset }) => ({ file, offset }));
  return {
    config,
    weights,
    source: weights.files.length === 1 ? (weights.files[0]?.file ?? folder) : folder,
    facts: {
      folder,
      architecture: config.architecture,
      head: config.head,
      parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0),
      contextLength: config.contextLength,
      vocabularySize: config.vocabularySize,
      bytes: weights.files.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(config.bos === undefined ? {} : { bos: config.bos }),
      fingerprint: await fingerprint(folder, weights.files, signal),
    },
  };
}
