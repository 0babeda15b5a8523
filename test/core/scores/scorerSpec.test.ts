import { describe, expect, it } from 'vitest';
import { parseLossModel, parseRewardModel } from '../../../src/core/scores/scorerSpec';

describe('the name of a scoring model', () => {
  it.each([
    ['embedded', { kind: 'embedded' }],
    ['tiny', { kind: 'checkpoint', location: 'tiny' }],
    ['gpt2', { kind: 'checkpoint', location: 'gpt2' }],
    ['Qwen/Qwen2.5-0.5B', { kind: 'checkpoint', location: 'Qwen/Qwen2.5-0.5B' }],
    ['C:\\models\\gpt2', { kind: 'checkpoint', location: 'C:\\models\\gpt2' }],
    ['vllm:http://127.0.0.1:8000#gpt2', { kind: 'server', server: 'vllm', baseUrls: ['http://127.0.0.1:8000'], model: 'gpt2' }],
    ['sglang:http://a:1/, http://b:2#m', { kind: 'server', server: 'sglang', baseUrls: ['http://a:1', 'http://b:2'], model: 'm' }],
    ['tgi:https://host/v1', { kind: 'server', server: 'tgi', baseUrls: ['https://host/v1'] }],
  ])('%s measures losses', (text, spec) => {
    expect(parseLossModel(text)).toEqual(spec);
  });

  it.each([
    ['judge:gpt-4o', { kind: 'judge', teacher: 'gpt-4o' }],
    ['tei:http://127.0.0.1:8080', { kind: 'server', server: 'tei', baseUrls: ['http://127.0.0.1:8080'] }],
    ['./skywork', { kind: 'checkpoint', location: './skywork' }],
  ])('%s measures rewards', (text, spec) => {
    expect(parseRewardModel(text)).toEqual(spec);
  });

  it.each([
    [parseLossModel, ' ', 'is empty'],
    [parseLossModel, 'judge:x', 'use it as the reward model'],
    [parseLossModel, 'tei:http://h', '"tei:" is no kind of loss model'],
    [parseLossModel, 'vllm:#m', 'names no address'],
    [parseLossModel, 'vllm:ftp://h#m', 'is no http address'],
    [parseRewardModel, 'tiny', 'use it as the loss model'],
    [parseRewardModel, 'tgi:http://h', '"tgi:" is no kind of reward model'],
    [parseRewardModel, 'judge:', 'wants the id of a teacher'],
  ])('%o refuses %s', (parse, text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });
});
