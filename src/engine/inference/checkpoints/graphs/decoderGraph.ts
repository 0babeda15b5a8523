import type { DecoderConfig } from '../decoderConfig';
import type { Weights } from '../weights';
import { gpt2Layers } from './gpt2Layers';
import type { Linear } from './linear';
import { llamaLayers } from './llamaLayers';
import { type OnnxGraph } from './onnxGraph';

/** What the layers of a decoder are made from. */
export interface LayerParts {
  readonly graph: OnnxGraph;
  readonly weights: Weights;
  readonly linear: Linear;
}

/** The values that every layer's attention takes besides its own projections. */
export interface AttentionInputs {
  /** int32 [1]: index of the last token, counted from the start of the kept ones. */
  readonly lastIndex: string;
  /** int32 []: kept tokens and new ones. */
  readonly total: string;
}

/**
 * The body of a decoder. Inputs: `ids` and `positions` int64 [S] (positions count the kept tokens), `lastIndex` int32 [1],
 * `total` int32 [], `rows` int64 [T], and per layer i `keptKeys.i`, `keptValues.i` [1, kvHeads, P, headSize] of the P tokens
 * before. Outputs: `hidden` [T, hidden], normalised, of the rows asked for, and `keys.i`, `values.i` [1, kvHeads, P + S, headSize].
 */
export function addDecoder(config: DecoderConfig, parts: LayerParts): void {
  const { graph } = parts;
  graph.input('ids', 'int64', ['S']);
  graph.input('positions', 'int64', ['S']);
  graph.input('rows', 'int64', ['T']);
  const attention = { lastIndex: graph.input('lastIndex', 'int32', [1]), total: graph.input('total', 'int32', []) };
  for (let layer = 0; layer < config.layers; layer++) {
    for (const part of ['Keys', 'Values']) {
      graph.input(`kept${part}.${layer}`, 'float32', [1, config.kvHeads, 'P', config.headSize]);
      graph.output(`${part.toLowerCase()}.${layer}`, 'float32', [1, config.kvHeads, 'P+S', config.headSize]);
    }
  }
  if (config.family === 'gpt2') gpt2Layers(config, parts, attention);
  else llamaLayers(config, parts, attention);
  graph.output('hidden', 'float32', ['T', config.hidden]);
}
