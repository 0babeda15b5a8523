import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordDocument, RecordEditOutcome } from '../../src/protocol/lsp';
import { TestEditor } from './support/testEditor';

const alpaca = (instruction: string, output: string) => JSON.stringify({ id: 7, instruction, input: '', output });
/** Spacing, number spelling, escapes and order that a rewrite would lose. */
const odd = '{ "id" : 1.50e0, "output":"caf\\u00E9 \\/ two\\nlines" ,"instruction" : "Say it.","tags":["b", "a"]}';

describe('the record view', () => {
  let editor: TestEditor;
  let next = 0;

  beforeAll(async () => {
    editor = await TestEditor.start();
  });
  afterAll(async () => editor.stop());

  async function open(lines: readonly string[], endOfLine = '\n'): Promise<string> {
    const uri = `file:///data/record view/${next++}.jsonl`;
    await editor.open(uri, lines.map((line) => line + endOfLine).join(''));
    return uri;
  }

  async function document(uri: string, line: number, key?: string): Promise<RecordDocument> {
    const { record: found, documentVersion } = await editor.request('cupel/recordDocument', { uri, line, ...(key !== undefined && { key }) });
    expect(documentVersion).toBe(editor.version(uri));
    if (!found) throw new Error(`no record on line ${line}`);
    return found;
  }

  function edit(uri: string, { line, key, version }: RecordDocument, text: string, trimmed = false): Promise<RecordEditOutcome> {
    return editor.request('cupel/recordEdit', { uri, line, key, version, text, trimmed });
  }

  /** The dataset with an answer's edits made in it. */
  function applied(uri: string, outcome: RecordEditOutcome): string {
    if (!outcome.ok) throw new Error(outcome.message);
    const text = TextDocument.create(uri, 'jsonl', 1, editor.text(uri));
    return TextDocument.applyEdits(text, outcome.edits.map(({ range, newText }) => ({ range, newText })));
  }

  it('writes a record with its place, its shape, its other fields and its texts', async () => {
    const uri = await open([alpaca('a', 'b'), odd]);
    const { text, line, number, version, readOnly } = await document(uri, 1);
    expect([line, number, readOnly]).toEqual([1, 2, false]);
    expect(text.replace(/^# (?:Tokens|Not scored yet).*\n/gmu, '')).toBe(
      [
        '---',
        '# Line 2 of 0.jsonl · Alpaca',
        '# Edit the texts below; saving puts them into their line of the dataset. These comments are for reading.',
        '# id: 1.50e0',
        '# tags: ["b", "a"]',
        `# version ${version}`,
        '---',
        '',
        '## User',
        '',
        'Say it.',
        '',
        '## Assistant',
        '',
        'café / two',
        'lines',
        '',
      ].join('\n'),
    );
  });

  it('tells what each scorer made of it', async () => {
    const uri = await open([alpaca('Name a bird of the sea.', 'A gull is a bird of the sea.')]);
    await editor.request('cupel/score', { uri });
    const { text } = await document(uri, 0);
    expect(text).toMatch(/^# Tokens \d+, by o200k_base$/mu);
    expect(text).toMatch(/^# Reward ≈-?[.\d]+ · IFD ≈[.\d]+ · IC-IFD ≈-?[.\d]+ · CAR ≈-?[.\d]+, by embedded@\d+$/mu);
    expect(text).not.toContain('Not scored yet');
  });

  it('changes the literal of an edited text and not one other byte', async () => {
    const uri = await open([alpaca('a', 'b'), odd, alpaca('c', 'd')], '\r\n');
    const record = await document(uri, 1);
    const outcome = await edit(uri, record, record.text.replace('café / two', 'thé / "2"\n\n'));
    expect(outcome).toMatchObject({ ok: true, line: 1, documentVersion: editor.version(uri) });
    expect(applied(uri, outcome)).toBe(editor.text(uri).replace('"caf\\u00E9 \\/ two\\nlines"', '"th\\u00E9 \\/ \\"2\\"\\n\\n\\nlines"'));
  });

  it('changes several texts at once', async () => {
    const uri = await open([JSON.stringify({ messages: [{ role: 'user', content: 'One?' }, { role: 'assistant', content: '1.' }, { role: 'user', content: 'Two?' }, { role: 'assistant', content: '2.' }] })]);
    const record = await document(uri, 0);
    const outcome = await edit(uri, record, record.text.replace('One?', 'First?').replace('2.', ''));
    expect(applied(uri, outcome)).toBe(editor.text(uri).replace('One?', 'First?').replace('2.', ''));
  });

  it('changes nothing for a text that nobody changed, in whatever way its line spells it', async () => {
    const uri = await open(['{"instruction":"\\u0041\\ud800 \\u000d\\n","output":"\\/ ⟨U+000D⟩"}']);
    const record = await document(uri, 0);
    expect(await edit(uri, record, record.text)).toMatchObject({ ok: true, edits: [] });
  });

  it('leaves white space at ends of lines where only the editor has taken it off', async () => {
    const uri = await open([alpaca('Two  \nlines \t', 'Answer. ')]);
    const record = await document(uri, 0);
    const trimmed = record.text.replaceAll(/[ \t]+$/gmu, '');
    expect(await edit(uri, record, trimmed, true)).toMatchObject({ ok: true, edits: [] });
    expect(await edit(uri, record, trimmed)).toMatchObject({ ok: true, edits: [{ newText: '"Two\\nlines"' }, { newText: '"Answer."' }] });
  });

  it('finds a record that has moved by its key', async () => {
    const uri = await open([alpaca('first', '1'), alpaca('second', '2')]);
    const record = await document(uri, 1);
    await editor.change(uri, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: `${alpaca('new', '0')}\n\n` }]);
    expect((await document(uri, 1, record.key)).line).toBe(3);
    const outcome = await edit(uri, record, record.text.replace('\n2\n', '\ntwo\n'));
    expect(outcome).toMatchObject({ ok: true, line: 3 });
    expect(applied(uri, outcome)).toBe(editor.text(uri).replace('"2"', '"two"'));
  });

  it('shows how a record reads now that was changed underneath, and changes nothing', async () => {
    const uri = await open([alpaca('first', '1')]);
    const record = await document(uri, 0);
    await editor.replace(uri, '"1"', '"one"');
    const outcome = await edit(uri, record, record.text.replace('\n1\n', '\nI\n'));
    expect(outcome).toMatchObject({ ok: false, reason: 'conflict' });
    expect(outcome.ok || outcome.reason !== 'conflict' ? '' : outcome.current.text).toContain('\none\n');
    const current = await document(uri, 0);
    expect(applied(uri, await edit(uri, current, record.text.replace('\n1\n', '\nI\n')))).toBe(editor.text(uri).replace('"one"', '"I"'));
  });

  it('takes texts that have changed places for a change, although the key is the same', async () => {
    const uri = await open([JSON.stringify({ instruction: 'a\nb', input: '', output: 'c' })]);
    const record = await document(uri, 0);
    await editor.replace(uri, '"a\\nb","input":""', '"a","input":"b"');
    expect((await document(uri, 0)).key).toBe(record.key);
    expect(await edit(uri, record, record.text)).toMatchObject({ ok: false, reason: 'conflict' });
  });

  it('says where a document cannot be read, and changes nothing', async () => {
    const uri = await open([alpaca('a', 'b')]);
    const record = await document(uri, 0);
    const text = record.text.replace('## Assistant', 'Assistant:');
    expect(await edit(uri, record, text)).toMatchObject({ ok: false, reason: 'unreadable', place: text.split('\n').length - 1 });
  });

  it('says that a record is gone', async () => {
    const uri = await open([alpaca('a', 'b')]);
    const record = await document(uri, 0);
    await editor.replace(uri, '"output":"b"}', '"output":');
    expect(await editor.request('cupel/recordDocument', { uri, line: 0 })).toEqual({ record: null, documentVersion: editor.version(uri) });
    expect(await edit(uri, record, record.text)).toMatchObject({ ok: false, reason: 'gone' });
  });

  it('goes to the next and the previous record over lines that hold none', async () => {
    const uri = await open([alpaca('a', 'b'), '', '{"broken', '[1]', alpaca('c', 'd'), '{"other": 1}']);
    const go = (line: number, step: 1 | -1) => editor.request('cupel/neighbourRecord', { uri, line, step });
    expect([await go(0, 1), await go(4, 1), await go(4, -1), await go(0, -1), await go(5, -1)]).toEqual([{ line: 4 }, null, { line: 0 }, null, { line: 4 }]);
  });

  it('cuts fields of any length and keeps hostile ones inside the comments', async () => {
    const uri = await open([JSON.stringify({ instruction: 'a', output: 'b', '---\n## User': '\u202e\n---\n', long: 'x'.repeat(5000), ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, index])) })]);
    const record = await document(uri, 0);
    expect(record.text).toContain('\n# --- ## User: "⟨U+202E⟩\\n---\\n"\n');
    expect(record.text).toMatch(/\n# long: "x{299} … 4,702 more characters\n/u);
    expect(record.text).toContain('\n# … and 12 more fields\n');
    expect(await edit(uri, record, record.text)).toMatchObject({ ok: true, edits: [] });
  });
});
