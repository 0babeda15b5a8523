import { describe, expect, it } from 'vitest';
import { downloadQuestion, hubNameComplaint, modelComplaint, shownModel } from '../../../src/client/scorers/scorerText';
import { addressComplaint } from '../../../src/client/scorers/serverAddress';

describe('a download', () => {
  const plan = {
    name: 'gpt2',
    revision: '607a30d783dfa663caf39e06633721c8d4cfcd7e',
    files: [
      { path: 'config.json', bytes: 665 },
      { path: 'model.safetensors', bytes: 548_105_171 },
    ],
    bytes: 548_105_836,
    present: 0,
    folder: '/cache/snapshots/607a',
  };

  it('is asked about with its files, sizes, revision and place', () => {
    expect(downloadQuestion(plan)).toEqual({
      question: 'Download gpt2 (548 MB)?',
      detail: 'config.json  665 B\nmodel.safetensors  548 MB\n\nRevision 607a30d783df, into /cache/snapshots/607a.\nWhat its licence allows stands on the page of the model.',
    });
  });

  it('counts what is here, and cuts a long list', () => {
    expect(downloadQuestion({ ...plan, present: 500_000_000 }).question).toBe('Download gpt2 (48 MB of 548 MB, the rest is here)?');
    const files = Array.from({ length: 30 }, (_, shard) => ({ path: `model-${shard}.safetensors`, bytes: 5e9 }));
    const { detail } = downloadQuestion({ ...plan, files, bytes: 150e9 });
    expect(detail).toContain('model-11.safetensors  5 GB\n… and 18 more files\n');
    expect(detail).not.toContain('model-12');
  });
});

it.each([
  ['gpt2', undefined],
  [' Qwen/Qwen2.5-0.5B ', undefined],
  ['', /empty/],
  ['gpt2/a/b', /OWNER\/NAME/],
  ['../../etc', /OWNER\/NAME/],
  ['http://huggingface.co/gpt2', /no kind of/],
])('a name of the hub: "%s"', (text, complaint) => {
  const said = hubNameComplaint('loss', text);
  if (complaint) expect(said).toMatch(complaint);
  else expect(said).toBeUndefined();
});

it.each([
  ['loss', 'vllm', 'http://127.0.0.1:8000', undefined],
  ['loss', 'vllm', ' http://a:1, http://b:2 ', undefined],
  ['loss', 'vllm', '', /no address/],
  ['loss', 'tgi', '127.0.0.1:8080', /no http address/],
  ['reward', 'tei', 'http://u:key@h:1', /No user or key/],
  ['reward', 'sglang', 'http://h:1#m', /address alone/],
] as const)('the address of a %s server, %s: "%s"', (kind, server, text, complaint) => {
  const said = addressComplaint(kind, server, text);
  if (complaint) expect(said).toMatch(complaint);
  else expect(said).toBeUndefined();
});

it('a model of the other kind is refused with the reason', () => {
  expect(modelComplaint('loss', 'judge:gpt-4o')).toMatch(/a judge gives ratings/);
  expect(modelComplaint('reward', 'tiny')).toMatch(/language model/);
  expect(modelComplaint('reward', 'judge:gpt-4o')).toBeUndefined();
});

it('a model is shown without the user and password of its address', () => {
  expect(shownModel('vllm:http://me:secret@h:1,http://you:too@h:2#m')).toBe('vllm:http://h:1,http://h:2#m');
  expect(shownModel('Qwen/Qwen2.5-0.5B')).toBe('Qwen/Qwen2.5-0.5B');
});
