import type { LlamaConfig } from '../decoderConfig';
import type { RopeScaling } from '../ropeConfig';

/** Radians per position of each pair of dimensions, [headSize / 2]: θ^(−2i/headSize), scaled as the config says. */
export function rotaryFrequencies({ headSize, rope }: LlamaConfig): Float32Array {
  return Float32Array.from({ length: headSize / 2 }, (_, i) => scaled(rope.theta ** ((-2 * i) / headSize), rope.scaling));
}

/**
 * Llama 3.1 slows low frequencies by the factor, keeps high ones and blends between; see `_compute_llama3_parameters` in
 * transformers' modeling_rope_utils.py.
 */
function scaled(frequency: number, scaling: RopeScaling): number {
  if (scaling.kind === 'none') return frequency;
  if (scaling.kind === 'linear') return frequency / scaling.factor;
  const turns = (scaling.originalContext * frequency) / (2 * Math.PI);
  if (turns < scaling.lowFrequency) return frequency / scaling.factor;
  if (turns > scaling.highFrequency) return frequency;
  const share = (turns - scaling.lowFrequency) / (scaling.highFrequency - scaling.lowFrequency);
  return (1 - share) * (frequency / scaling.factor) + share * frequency;
}
