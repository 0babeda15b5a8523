import type { DecoderConfig } from '../decoderConfig';
import type { Weights } from '../weights';
import type { LayerParts } from './decoderGraph';

/**
 * Next-token losses. Inputs: `hidden` [T, hidden], `targets` int64 [T, 1]. Output: `nll` [T], nats of each target given its row.
 */
export function addLanguageHead(config: DecoderConfig, { graph, weights, linear }: LayerParts): void {
  const rows = graph.input('hidden', 'float32', ['T', config.hidden]);
  const targets = graph.input('targets', 'int64', ['T', 1]);
  const logits = linear(graph, rows, { tensor: languageHeadWeight(config, weights), layout: 'outputs-first' });
  const chosen = graph.node('GatherElements', [graph.node('LogSoftmax', [logits], { attributes: { axis: 1 } }), targets], { attributes: { axis: 1 } });
  graph.node('Squeeze', [graph.node('Neg', [chosen]), graph.integers(1)], { outputs: ['nll'] });
  graph.output('nll', 'float32', ['T']);
}

/** Inputs: `hidden` [T, hidden]. Output: `reward` [T, 1]. */
export function addRewardHead(config: DecoderConfig, { graph, weights }: LayerParts): void {
  const rows = graph.input('hidden', 'float32', ['T', config.hidden]);
  graph.node('Gemm', [rows, graph.weight(weights.get('score.weight', [1, config.hidden]))], { attributes: { transB: 1 }, outputs: ['reward'] });
  graph.output('reward', 'float32', ['T', 1]);
}

function languageHeadWeight(config: DecoderConfig, weights: Weights) {
  const shape = [config.vocabularySize, config.hidden];
  if (!config.tied) return weights.get('lm_head.weight', shape);
  const names = config.family === 'gpt2' ? ['transformer.wte.weight', 'wte.weight'] : ['model.embed_tokens.weight', 'embed_tokens.weight'];
  return weights.get(names.find((name) => weights.has(name)) ?? names[0] ?? '', shape);
}
