import type { Gpt2Config } from '../decoderConfig';
import { attend } from './attention';
import type { AttentionInputs, LayerParts } from './decoderGraph';
import type { LinearWeight } from './linear';

/** GPT-2 (Radford et al. 2019), as `transformers` stores it: embeddings, layers and the last norm, giving `hidden`. */
export function gpt2Layers(config: Gpt2Config, parts: LayerParts, inputs: AttentionInputs): void {
  const { graph, weights, linear } = parts;
  const { hidden, inner } = config;
  // The published checkpoints leave the prefix out.
  const prefix = weights.has('transformer.wte.weight') ? 'transformer.' : '';
  const vector = (name: string, size: number) => graph.weight(weights.get(`${prefix}${name}`, [size]));
  const matrix = (name: string, from: number, to: number): LinearWeight => ({
    tensor: weights.get(`${prefix}${name}.weight`, [from, to]),
    layout: 'inputs-first',
    bias: weights.get(`${prefix}${name}.bias`, [to]),
  });
  const embedding = (name: string, rows: number, ids: string) => graph.embed(weights.get(`${prefix}${name}`, [rows, hidden]), ids);
  const norm = (name: string, rows: string) =>
    graph.node('LayerNormalization', [rows, vector(`${name}.weight`, hidden), vector(`${name}.bias`, hidden)], { attributes: { axis: -1, epsilon: { float: config.epsilon } } });

  let stream = graph.node('Add', [embedding('wte.weight', config.vocabularySize, 'ids'), embedding('wpe.weight', config.contextLength, 'positions')]);
  const thirds = graph.integers(hidden, hidden, hidden);
  for (let layer = 0; layer < config.layers; layer++) {
    const joined = linear(graph, norm(`h.${layer}.ln_1`, stream), matrix(`h.${layer}.attn.c_attn`, hidden, 3 * hidden));
    const names = ['q', 'k', 'v'].map((part) => `${part}.${layer}`);
    graph.node('Split', [joined, thirds], { attributes: { axis: 1 }, outputs: names });
    const scale = (config.scaleByHead ? config.headSize ** -0.5 : 1) / (config.scaleByLayer ? layer + 1 : 1);
    const attended = attend(config, parts, inputs, { layer, queries: `q.${layer}`, keys: `k.${layer}`, values: `v.${layer}`, scale });
    stream = graph.node('Add', [stream, linear(graph, attended, matrix(`h.${layer}.attn.c_proj`, hidden, hidden))]);
    const widened = linear(graph, norm(`h.${layer}.ln_2`, stream), matrix(`h.${layer}.mlp.c_fc`, hidden, inner));
    stream = graph.node('Add', [stream, linear(graph, activate(config, parts, widened), matrix(`h.${layer}.mlp.c_proj`, inner, hidden))]);
  }
  graph.node('Identity', [norm('ln_f', graph.node('Gather', [stream, 'rows']))], { outputs: ['hidden'] });
}

function activate(config: Gpt2Config, { graph }: LayerParts, rows: string): string {
  if (config.activation === 'relu') return graph.node('Relu', [rows]);
  return graph.node(config.activation === 'gelu' ? 'Gelu' : 'FastGelu', [rows], { domain: 'com.microsoft' });
}
