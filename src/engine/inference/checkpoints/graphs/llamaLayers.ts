import type { LlamaConfig } from '../decoderConfig';
import { attend, type Rotary } from './attention';
import type { AttentionInputs, LayerParts } from './decoderGraph';
import type { LinearWeight } from './linear';
import { rotaryFrequencies } from './rotary';

/** Llama and its relatives (Mistral, Qwen2, Qwen3), as `transformers` stores them: embedding, layers and the last norm, giving `hidden`. */
export function llamaLayers(config: LlamaConfig, parts: LayerParts, inputs: AttentionInputs): void {
  const { graph, weights, linear } = parts;
  const { hidden, inner, biases, headSize } = config;
  const prefix = weights.has('embed_tokens.weight') ? '' : 'model.';
  const matrix = (name: string, from: number, to: number, biased: boolean): LinearWeight => ({
    tensor: weights.get(`${prefix}${name}.weight`, [to, from]),
    layout: 'outputs-first',
    ...(biased ? { bias: weights.get(`${prefix}${name}.bias`, [to]) } : {}),
  });
  const norm = (name: string, rows: string, size: number) =>
    graph.node('SimplifiedLayerNormalization', [rows, graph.weight(weights.get(`${prefix}${name}.weight`, [size]))], { attributes: { axis: -1, epsilon: { float: config.epsilon } } });
  const perHead = (name: string, rows: string, heads: number) => {
    if (!config.headNorm) return rows;
    const split = graph.node('Reshape', [rows, graph.integers(-1, headSize)]);
    return graph.node('Reshape', [norm(name, split, headSize), graph.integers(-1, heads * headSize)]);
  };

  const rotary = addRotary(config, parts, inputs);
  const [queryWidth, keyWidth] = [config.heads * headSize, config.kvHeads * headSize];
  let stream = graph.embed(weights.get(`${prefix}embed_tokens.weight`, [config.vocabularySize, hidden]), 'ids');
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `layers.${layer}`;
    const normed = norm(`${at}.input_layernorm`, stream, hidden);
    const attended = attend(config, parts, inputs, {
      layer,
      queries: perHead(`${at}.self_attn.q_norm`, linear(graph, normed, matrix(`${at}.self_attn.q_proj`, hidden, queryWidth, biases.queryKeyValue)), config.heads),
      keys: perHead(`${at}.self_attn.k_norm`, linear(graph, normed, matrix(`${at}.self_attn.k_proj`, hidden, keyWidth, biases.queryKeyValue)), config.kvHeads),
      values: linear(graph, normed, matrix(`${at}.self_attn.v_proj`, hidden, keyWidth, biases.queryKeyValue)),
      scale: headSize ** -0.5,
      rotary,
    });
    stream = graph.node('Add', [stream, linear(graph, attended, matrix(`${at}.self_attn.o_proj`, queryWidth, hidden, biases.output))]);
    const widened = norm(`${at}.post_attention_layernorm`, stream, hidden);
    // x · sigmoid(1 · x): SiLU in one operator.
    const gate = graph.node('QuickGelu', [linear(graph, widened, matrix(`${at}.mlp.gate_proj`, hidden, inner, biases.feedForward))], { domain: 'com.microsoft', attributes: { alpha: { float: 1 } } });
    const gated = graph.node('Mul', [gate, linear(graph, widened, matrix(`${at}.mlp.up_proj`, hidden, inner, biases.feedForward))]);
    stream = graph.node('Add', [stream, linear(graph, gated, matrix(`${at}.mlp.down_proj`, inner, hidden, biases.feedForward))]);
  }
  graph.node('Identity', [norm('norm', graph.node('Gather', [stream, 'rows']), hidden)], { outputs: ['hidden'] });
}

/** Angles are positions times frequencies in single precision, as torch computes them. */
function addRotary(config: LlamaConfig, { graph }: LayerParts, inputs: AttentionInputs): Rotary {
  const total = graph.node('Cast', [inputs.total], { attributes: { to: 1 } });
  const positions = graph.node('Range', [graph.constant(Float32Array.of(0), []), total, graph.constant(Float32Array.of(1), [])]);
  const column = graph.node('Unsqueeze', [positions, graph.integers(1)]);
  const angles = graph.node('Mul', [column, graph.constant(rotaryFrequencies(config), [1, config.headSize / 2])]);
  return { cosines: graph.node('Cos', [angles]), sines: graph.node('Sin', [angles]), position: graph.node('Unsqueeze', ['positions', graph.integers(0)]) };
}
