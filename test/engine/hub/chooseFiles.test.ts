import { expect, it } from 'vitest';
import { chooseFiles } from '../../../src/engine/hub/chooseFiles';

const choose = (...names: readonly string[]): readonly string[] => chooseFiles(new Set(names), 'org/model').names;

it.each<[string, readonly string[], readonly string[]]>([
  ['safetensors before every other form', ['config.json', 'tokenizer.json', 'model.safetensors', 'model.safetensors.index.json', 'model.onnx', 'model.onnx_data', 'tf_model.h5'], ['config.json', 'tokenizer.json', 'model.safetensors']],
  ['a vocabulary in two files where there is no one file', ['config.json', 'vocab.json', 'merges.txt', 'model.safetensors'], ['config.json', 'vocab.json', 'merges.txt', 'model.safetensors']],
  ['a graph with the weights beside it', ['config.json', 'tokenizer.json', 'model.onnx', 'model.onnx_data', 'model_quantized.onnx'], ['config.json', 'tokenizer.json', 'model.onnx_data', 'model.onnx']],
  ['what a tokenizer reads besides', ['chat_template.jinja', 'tokenizer_config.json', 'special_tokens_map.json', 'config.json', 'tokenizer.json', 'model.safetensors'], ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja', 'model.safetensors']],
])('takes %s', (_, listed, chosen) => {
  expect(choose(...listed)).toEqual(chosen);
});

it.each([
  ['no configuration', ['tokenizer.json', 'model.safetensors']],
  ['half a vocabulary', ['config.json', 'vocab.json', 'model.safetensors']],
  ['weights in a folder', ['config.json', 'tokenizer.json', 'onnx/model.onnx']],
])('refuses %s', (_, listed) => {
  expect(() => choose(...listed)).toThrow('org/model does not hold what scoring needs: config.json, tokenizer.json');
});
