import type { DecoderConfig } from '../decoderConfig';
import type { AttentionInputs, LayerParts } from './decoderGraph';

/** How queries and keys are rotated. */
export interface Rotary {
  /** [P + S, headSize / 2] */
  readonly cosines: string;
  /** [P + S, headSize / 2] */
  readonly sines: string;
  /** int64 [1, S] */
  readonly position: string;
}

export interface AttentionOptions {
  readonly layer: number;
  /** [S, heads · headSize] and twice [S, kvHeads · headSize] */
  readonly queries: string;
  readonly keys: string;
  readonly values: string;
  /** Multiplies the products of queries and keys. */
  readonly scale: number;
  readonly rotary?: Rotary;
}

/** Causal attention over the kept tokens and the new ones: [S, heads · headSize]. */
export function attend(config: DecoderConfig, { graph }: LayerParts, inputs: AttentionInputs, options: AttentionOptions): string {
  const { layer, rotary } = options;
  const batch = graph.constant(new BigInt64Array(1), [1]);
  const one = (rows: string) => graph.node('Unsqueeze', [rows, batch]);
  const turned = (rows: string, heads: number) =>
    rotary === undefined
      ? one(rows)
      : graph.node('RotaryEmbedding', [one(rows), rotary.position, rotary.cosines, rotary.sines], { domain: 'com.microsoft', attributes: { num_heads: heads, rotary_embedding_dim: 0 } });
  const attended = graph.node(
    'GroupQueryAttention',
    [turned(options.queries, config.heads), turned(options.keys, config.kvHeads), one(options.values), `keptKeys.${layer}`, `keptValues.${layer}`, inputs.lastIndex, inputs.total],
    {
      domain: 'com.microsoft',
      attributes: { num_heads: config.heads, kv_num_heads: config.kvHeads, scale: { float: options.scale } },
      outputs: [`attended.${layer}`, `keys.${layer}`, `values.${layer}`],
    },
  );
  return graph.node('Squeeze', [attended, batch]);
}
