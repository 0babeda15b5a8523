import { describe, expect, it } from 'vitest';
import { scorerRow } from '../../../src/client/views/scorerRow';
import type { ScorerCheck, ScorerEntry } from '../../../src/protocol/lsp';

const embedded: ScorerEntry = { model: 'embedded', active: true, id: 'embedded@1', estimate: true, agreement: 'Spearman .76 with GPT-2' };
const tiny: ScorerEntry = { model: 'tiny', active: false, id: 'tiny@1f2e3d4c/superfiltering', estimate: false, detail: 'GPT2LMHeadModel, 9.6 M parameters, fp32', agreement: 'Spearman .5 with GPT-2' };
const server: ScorerEntry = { model: 'vllm:http://me:secret@127.0.0.1:8000#gpt2', active: false, id: 'vllm:gpt2/superfiltering', estimate: false };
const missing: ScorerEntry = { model: 'gpt2', active: true, estimate: false, problem: 'gpt2 is not on this machine.', download: 'gpt2' };

describe('a row of the Scorers view', () => {
  const rows: readonly (readonly [string, ScorerEntry, ScorerCheck | undefined, { state: string; description: string; actions: readonly string[] }])[] = [
    ['the embedded scorer is ready without a check', embedded, undefined, { state: 'ready', description: 'in use · estimate · @1', actions: ['check'] }],
    ['a checkpoint is not loaded before somebody asks', tiny, undefined, { state: 'unchecked', description: '@1f2e3d4c/superfiltering', actions: ['use', 'check'] }],
    ['a checkpoint that was loaded', tiny, { ok: true, id: 'tiny@1f2e3d4c/superfiltering' }, { state: 'ready', description: '@1f2e3d4c/superfiltering', actions: ['use', 'check'] }],
    ['a checkpoint that was found broken', tiny, { ok: false, reason: 'wte has the wrong shape.' }, { state: 'broken', description: 'cannot score · @1f2e3d4c/superfiltering', actions: ['use', 'check'] }],
    ['a server is not asked before somebody wants it', server, undefined, { state: 'unchecked', description: 'vllm:gpt2/superfiltering', actions: ['use', 'check'] }],
    ['a server that does not answer', server, { ok: false, reason: 'Nobody listens there.' }, { state: 'unreachable', description: 'cannot be asked · vllm:gpt2/superfiltering', actions: ['use', 'check'] }],
    ['a model in use that is not there can be fetched', missing, undefined, { state: 'missing', description: 'in use · not on this machine', actions: ['check', 'download'] }],
    ['what the list says now counts more than an earlier check', { ...missing, active: false }, { ok: true, id: 'gpt2@1' }, { state: 'missing', description: 'not on this machine · @1', actions: ['use', 'check', 'download'] }],
    ['a check finds what is missing', { ...tiny, model: 'gpt2' }, { ok: false, reason: 'gone', download: 'gpt2' }, { state: 'missing', description: 'not on this machine · tiny@1f2e3d4c/superfiltering', actions: ['use', 'check', 'download'] }],
  ];

  it.each(rows)('%s', (_name, entry, check, wanted) => {
    expect(scorerRow('loss', entry, check)).toMatchObject(wanted);
  });

  it('tells all that is known in its tooltip', () => {
    expect(scorerRow('loss', embedded, undefined).tooltip).toEqual(['embedded, in use for IFD, IC-IFD, CAR', 'Scores carry the id embedded@1.', 'An estimate: Spearman .76 with GPT-2', 'Ready.']);
    expect(scorerRow('loss', tiny, { ok: false, reason: 'wte has the wrong shape.' }).tooltip).toEqual([
      'tiny',
      'Scores carry the id tiny@1f2e3d4c/superfiltering.',
      'GPT2LMHeadModel, 9.6 M parameters, fp32',
      'Agreement: Spearman .5 with GPT-2',
      'wte has the wrong shape.',
    ]);
    expect(scorerRow('reward', server, { ok: true, id: 'vllm:gpt2', detail: 'vLLM 0.11 serves gpt2.' }).tooltip).toContain('vLLM 0.11 serves gpt2.');
  });

  it('shows no password of an address, and keeps it for the commands', () => {
    const row = scorerRow('loss', server, undefined);
    expect(row.label).toBe('vllm:http://127.0.0.1:8000#gpt2');
    expect(row.model).toBe(server.model);
    expect([row.label, row.description, ...row.tooltip].join()).not.toContain('secret');
  });
});
