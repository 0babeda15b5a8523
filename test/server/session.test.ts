import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorkDoneProgress, type Diagnostic, type DocumentSymbol } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alpaca } from '../languageService/support/exampleDataset';
import { TestEditor, type EditorOptions } from './support/testEditor';

const records = [
  alpaca('Explain why the sky is blue.', 'Air scatters short waves of light more than long ones, so blue reaches the eye from every side.'),
  alpaca('Is 7 prime?', 'Yes'),
  alpaca('Give three tips for staying healthy.', 'Sleep enough, move every day, and eat vegetables with each meal.'),
];

let folder: string;
let editor: TestEditor | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cupel-data-'));
});

afterEach(async () => {
  await editor?.stop();
  editor = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): { readonly file: string; readonly uri: string } {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return { file, uri: pathToFileURL(file).href };
}

async function openDataset(text: string, options: EditorOptions = {}): Promise<{ readonly editor: TestEditor; readonly uri: string; readonly file: string }> {
  const { file, uri } = write('dataset.jsonl', text);
  editor = await TestEditor.start(options);
  await editor.open(uri, text);
  return { editor, uri, file };
}

const lengthsOnly = (badge: string) => /^\d+t ·$/u.test(badge);
const scored = (badge: string) => /^\d+t r≈\S+ ifd(≈\S+|∅) car≈\S+$/u.test(badge);

describe.each(['inProcess', 'stdio'] as const)('an editor, %s', (transport) => {
  it('opens, scores, hovers, edits and reviews', { timeout: 60_000 }, async () => {
    const teacher = write('teacher.jsonl', `${alpaca('Is 7 prime?', 'Yes: nothing but 1 and 7 divides it.')}\n`);
    const { editor, uri } = await openDataset(`${records.join('\n')}\n`, { transport, settings: { teachers: [{ kind: 'file', id: 'careful', path: teacher.file }] } });

    const opened = await editor.badgesWhen(uri, (badges) => badges.every(lengthsOnly));
    expect(opened).toEqual(['21t ·', '1t ·', '14t ·']);
    expect(await editor.statusWhen(uri, ({ records: count }) => count === 3)).toMatchObject({ records: 3, invalid: 0, scored: 0, shapes: [{ shape: 'alpaca', records: 3 }] });

    expect(await editor.request('cupel/score', { uri })).toEqual({ scored: 3, reused: 0, invalid: 0, cancelled: false });
    const badges = await editor.badges(uri);
    expect(badges.every(scored), badges.join(' | ')).toBe(true);
    await editor.statusWhen(uri, ({ scored: count, running }) => count === 3 && !running);
    expect(await editor.request('cupel/score', { uri })).toEqual({ scored: 0, reused: 3, invalid: 0, cancelled: false });

    const card = await editor.hover(uri, 1, 5);
    expect(card).toContain('**Record 2 of 3** · Alpaca');
    expect(card).toContain('**Assistant**\n\n```plaintext\nYes\n```');
    expect(card).toContain('embedded');

    const { proposals, skipped } = await editor.request('cupel/propose', { uri, lines: [0, 1, 3], teacher: 'careful', mode: 'regenerate' });
    expect(skipped).toEqual([{ line: 3, reason: 'the line is empty' }]);
    expect(proposals.map(({ line, status }) => [line, status])).toEqual([
      [1, 'failed'],
      [2, 'pending'],
    ]);
    const id = proposals[1]?.id ?? '';
    await editor.statusWhen(uri, ({ pendingProposals }) => pendingProposals === 1);
    const view = await editor.request('cupel/proposalView', { id });
    expect(view).toMatchObject({
      line: 1,
      title: expect.stringMatching(/^record 2 · careful · reward \S+ · IFD ∅→\S+ · CAR \S+( [▲▼])?$/u) as string,
      before: '## User\n\nIs 7 prime?\n\n## Assistant\n\nYes\n',
      after: '## User\n\nIs 7 prime?\n\n## Assistant\n\nYes: nothing but 1 and 7 divides it.\n',
    });

    // A record before it: the proposal follows its record to another line.
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n' }]);
    const outcome = await editor.request('cupel/acceptProposal', { id });
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome).toEqual({ ok: true, uri, range: { start: { line: 2, character: 38 }, end: { line: 2, character: 43 } }, newText: '"Yes: nothing but 1 and 7 divides it."', documentVersion: editor.version(uri) });

    await editor.replace(uri, 'blue reaches', 'blues reach');
    expect((await editor.badges(uri))[0]).toMatch(/^\d+t~? r~≈\S+ ifd~≈\S+ car~≈\S+$/u);
    await editor.badgesWhen(uri, ([badge]) => /^\d+t r~/u.test(badge ?? ''));

    await editor.change(uri, [{ range: outcome.range, text: outcome.newText }]);
    expect(editor.text(uri).split('\n')[2]).toBe(alpaca('Is 7 prime?', 'Yes: nothing but 1 and 7 divides it.'));
    await editor.request('cupel/resolveProposal', { id, status: 'accepted' });
    await editor.statusWhen(uri, ({ pendingProposals }) => pendingProposals === 0);
    expect(await editor.request('cupel/acceptProposal', { id })).toEqual({ ok: false, reason: 'the record was edited or removed since the teacher was asked' });
  });
});

describe('scores', () => {
  it('are there at once when the file is opened again', { timeout: 60_000 }, async () => {
    const first = await openDataset(records.join('\n'));
    await first.editor.request('cupel/score', { uri: first.uri });
    await first.editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri: first.uri } });
    await first.editor.open(first.uri, records.join('\n'));
    await first.editor.badgesWhen(first.uri, (badges) => badges.every(scored));
  });

  it('of a cancelled run: what was finished stays, the answer says so', { timeout: 60_000 }, async () => {
    const text = Array.from({ length: 6000 }, (_, index) => alpaca(`Question ${index}?`, `Answer number ${index} to that question.`)).join('\n');
    const { editor, uri } = await openDataset(text);
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const running = editor.connection.sendRequest<{ cancelled: boolean }>('cupel/score', { uri }, source.token);
    await editor.statusWhen(uri, (status) => status.running !== undefined);
    source.cancel();
    expect(await running).toMatchObject({ cancelled: true });
    await editor.statusWhen(uri, (status) => status.running === undefined);
  });
});

describe('files with lines that are no records', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['broken JSON', '{"instruction": "x", "output": '],
    ['an array', '[1, 2]'],
    ['a primitive', '42'],
    ['bare NaN', '{"instruction":"x","output":NaN}'],
    ['a 100,000-deep line', '['.repeat(100_000)],
    ['half of a character', '{"instruction":"x","output":"\\ud800"}'],
    ['bytes of another encoding', '\uFFFD\uFFFDP\u0000K'],
    ['a line too long to read', `{"instruction":"x","output":"${'y'.repeat(5_000_000)}"}`],
  ];

  it('says so on the right line and serves all others', { timeout: 60_000 }, async () => {
    const lines = hostile.flatMap(([, line]) => [line, records[0] ?? '']);
    const { editor, uri } = await openDataset(`\uFEFF${records[1] ?? ''}\r\n\r\n${lines.join('\r\n')}\r\n`);
    await editor.statusWhen(uri, ({ records: count, invalid }) => count === 2 + hostile.length && invalid === hostile.length - 1);
    const { items } = await editor.connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
    const rules = items.filter(({ code }) => code !== 'duplicate-record').map(({ range, code }) => `${range.start.line} ${String(code)}`);
    expect(rules.sort((a, b) => parseInt(a) - parseInt(b))).toEqual(['2 broken-json', '4 not-an-object', '6 not-an-object', '8 broken-json', '10 too-deep', '12 lone-surrogate', '14 broken-json', '16 too-long']);
    const badges = await editor.badgesWhen(uri, (all) => all.filter((badge) => badge === '21t ·').length === hostile.length);
    expect(badges[0]).toBe('1t ·');
    expect(badges.filter((badge) => badge.startsWith('⚠'))).toEqual(['⚠ broken JSON', '⚠ not an object', '⚠ not an object', '⚠ broken JSON', '⚠ nested too deep', '⚠ broken JSON', '⚠ too long to read']);
    expect(await editor.hover(uri, 16)).toMatch(/^\*\*Line 17\*\* is not a record/u);
    expect(await editor.request('cupel/score', { uri })).toMatchObject({ invalid: 7, cancelled: false });
  });

  it('outlines the file and takes edits of them', async () => {
    const { editor, uri } = await openDataset(`{"instruction":"Is 7 prime?","output":\n${records[2] ?? ''}`);
    const outline = () => editor.connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
    expect((await outline()).map(({ name }) => name)).toEqual(['Give three tips for staying healthy.']);
    await editor.replace(uri, '"output":\n', '"output":"Yes"}\n');
    expect((await outline()).map(({ name }) => name)).toEqual(['Is 7 prime?', 'Give three tips for staying healthy.']);
  });
});

describe('a proposal', () => {
  it('is not put over a record that was edited meanwhile', { timeout: 60_000 }, async () => {
    const teacher = write('teacher.jsonl', `${alpaca('Is 7 prime?', 'It is.')}\n`);
    const { editor, uri } = await openDataset(records.join('\n'), { settings: { teachers: [{ kind: 'file', id: 'careful', path: teacher.file }] } });
    const { proposals } = await editor.request('cupel/propose', { uri, lines: [1], teacher: 'careful', mode: 'regenerate' });
    const id = proposals[0]?.id ?? '';
    await editor.replace(uri, '"Yes"', '"Yes!"');
    expect(await editor.request('cupel/acceptProposal', { id })).toEqual({ ok: false, reason: 'the record was edited or removed since the teacher was asked' });
    expect(await editor.request('cupel/proposalView', { id })).not.toHaveProperty('line');
    await editor.replace(uri, '"Yes!"', '"Yes"');
    expect(await editor.request('cupel/acceptProposal', { id })).toMatchObject({ ok: true, range: { start: { line: 1 } } });
  });

  it('finds its record in a file that is not open', { timeout: 60_000 }, async () => {
    const teacher = write('teacher.jsonl', `${alpaca('Is 7 prime?', 'It is.')}\n`);
    const { editor, uri, file } = await openDataset(records.join('\n'), { settings: { teachers: [{ kind: 'file', id: 'careful', path: teacher.file }] } });
    const { proposals } = await editor.request('cupel/propose', { uri, lines: [1], teacher: 'careful', mode: 'regenerate' });
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    const outcome = await editor.request('cupel/acceptProposal', { id: proposals[0]?.id ?? '' });
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.documentVersion).toBeNull();
    const edited = TextDocument.applyEdits(TextDocument.create(uri, 'jsonl', 1, readFileSync(file, 'utf8')), [{ range: outcome.range, newText: outcome.newText }]);
    expect(edited).toBe([records[0], alpaca('Is 7 prime?', 'It is.'), records[2]].join('\n'));
  });
});

it('stays responsive while proposals for a large selection come in', { timeout: 30_000 }, async () => {
  const lines = Array.from({ length: 2_000 }, (_, n) => `{"instruction":"Tell me something long about the number ${n}.","input":"","output":"It is ${n}."}`);
  const teacher = path.join(folder, 'teacher.jsonl');
  writeFileSync(teacher, lines.join('\n'));
  const { editor, uri } = await openDataset(lines.join('\n'), { settings: { teachers: [{ kind: 'file', id: 'mary', path: teacher }] } });
  const { proposals } = await editor.request('cupel/propose', { uri, lines: lines.map((_, line) => line), teacher: 'mary', mode: 'regenerate' });
  expect(proposals).toHaveLength(2_000);
  await editor.statusWhen(uri, ({ pendingProposals }) => pendingProposals === 2_000);
});

describe('reports', () => {
  it('selects lines of the saved file byte for byte', { timeout: 60_000 }, async () => {
    const { editor, uri } = await openDataset(records.join('\r\n'));
    const out = path.join(folder, 'longest.jsonl');
    expect(await editor.request('cupel/select', { uri, rule: { kind: 'longest', count: 1 }, out })).toMatchObject({ out, total: 3, written: 1 });
    expect(readFileSync(out, 'utf8')).toBe(`${records[0] ?? ''}\r\n`);
  });

  it('exports, and says why a format is not known', { timeout: 60_000 }, async () => {
    const { editor, uri } = await openDataset(records.join('\n'));
    const out = path.join(folder, 'messages.jsonl');
    expect(await editor.request('cupel/export', { uri, format: 'messages', out })).toMatchObject({ written: 3 });
    expect(JSON.parse(readFileSync(out, 'utf8').split('\n')[1] ?? '')).toEqual({ messages: [{ role: 'user', content: 'Is 7 prime?' }, { role: 'assistant', content: 'Yes' }] });
    await expect(editor.request('cupel/export', { uri, format: 'papyrus', out })).rejects.toThrow('papyrus');
  });

  it('ranks teachers', { timeout: 60_000 }, async () => {
    const long = write('long.jsonl', records.join('\n'));
    const short = write('short.jsonl', records.map((record) => record.replace(/"output":.*/u, '"output":"No idea at all."}')).join('\n'));
    const { editor } = await openDataset(records.join('\n'));
    const { markdown, json } = await editor.request('cupel/rankTeachers', { sources: [{ name: 'long', path: long.file }, { name: 'short', path: short.file }] });
    expect(JSON.parse(json)).toMatchObject({ records: 3, beta: 3 });
    expect(markdown).toContain('# Rank of teachers');
    expect(markdown).toMatch(/1 +long +3/u);
  });

  it('checks for a trainer what is open, saved or not, and puts the findings among the problems', { timeout: 60_000 }, async () => {
    const { editor, uri } = await openDataset(records.join('\n'));
    await editor.replace(uri, '"output":"Yes"', '"answer":"Yes"');
    const { findings, markdown } = await editor.request('cupel/check', { uri, trainer: 'llamafactory-alpaca' });
    expect(findings).toBeGreaterThan(0);
    expect(markdown).toContain('line 2');
    const { items } = await editor.connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
    expect(items.filter(({ code }) => String(code).startsWith('llamafactory-alpaca/')).map(({ range }) => range.start.line)).toContain(1);
  });

  it('keeps the findings of a check on their records when the file is edited meanwhile', { timeout: 60_000 }, async () => {
    const good = Array.from({ length: 20_000 }, (_, n) => `{"instruction":"Count to ${n}.","input":"","output":"${n}"}`);
    const { editor, uri } = await openDataset([...good, '{"instruction":"No answer here.","input":""}'].join('\n'));
    const begun = new Promise<void>((resolve) => editor.connection.onProgress(WorkDoneProgress.type, 'check', () => resolve()));
    const checked = editor.request('cupel/check', { uri, trainer: 'llamafactory-alpaca', workDoneToken: 'check' });
    await begun;
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n\n' }]);
    expect((await checked).findings).toBeGreaterThan(0);
    const { items } = await editor.connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
    const lines = items.filter(({ code }) => String(code).startsWith('llamafactory-alpaca/')).map(({ range }) => range.start.line);
    expect(new Set(lines)).toEqual(new Set([20_002]));
  });
});

describe('settings', () => {
  it('take effect when they change; wrong ones are named', { timeout: 60_000 }, async () => {
    const { editor, uri } = await openDataset(records.join('\n'));
    await editor.badgesWhen(uri, (badges) => badges.every(lengthsOnly));
    await editor.changeSettings({ badge: { length: 'words', parts: ['length'] }, tokenizer: 'pigeon', teachers: [{ kind: 'file', id: 'x', path: '/x.jsonl' }] });
    expect(await editor.badgesWhen(uri, (badges) => badges.every((badge) => badge.includes('w')))).toEqual(['20w', '1w', '14w']);
    expect(editor.messages).toEqual([expect.stringMatching(/^Cupel: cupel\.tokenizer: .* its default is used\.$/u)]);
    expect(await editor.request('cupel/teachers', {})).toEqual([{ id: 'x', kind: 'file', description: '/x.jsonl' }]);
  });
});

it('serves an editor that can nothing but the basics', { timeout: 60_000 }, async () => {
  const { editor, uri } = await openDataset(`${records[0] ?? ''}\n[1]`, { capabilities: 'none', initializationOptions: { commands: false } });
  await editor.until(
    () => Promise.resolve(editor.published.get(uri)),
    (published) => published?.length === 1,
  );
  expect(await editor.hover(uri, 0)).not.toContain('command:');
});

it('says what a request lacks', async () => {
  const { editor } = await openDataset(records.join('\n'));
  await expect(editor.request('cupel/score', { uri: 'file:///elsewhere.jsonl' })).rejects.toThrow('The file is not open in the editor: open it first.');
  await editor.open('untitled:Untitled-1', records.join('\n'));
  await expect(editor.request('cupel/propose', { uri: 'untitled:Untitled-1', lines: [0], teacher: 'x', mode: 'regenerate' })).rejects.toThrow('save it first');
  await expect(editor.request('cupel/select', { uri: 'untitled:Untitled-1', rule: { kind: 'longest', count: 1 }, out: '/x' })).rejects.toThrow('save it first');
});
