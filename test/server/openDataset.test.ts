import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { scoreIds, type Measurement } from '../../src/core/scores/catalogue';
import { defaultSettings } from '../../src/protocol/settings';
import { OpenDataset, type Presentation } from '../../src/server/openDataset';
import { exampleDataset, learn } from '../languageService/support/exampleDataset';

const record = (n: number) => `{"instruction":"Count to ${n}.","output":"${n}"}`;
const presentation: Presentation = { settings: defaultSettings, images: false, commands: undefined };
const fresh = (text: string) => new OpenDataset('file:///data.jsonl', 1, text, presentation);
const textsOf = (dataset: OpenDataset) => Array.from({ length: dataset.lineCount }, (_, line) => dataset.lineText(line));
const lineChange = (from: number, to: number, text: string): TextDocumentContentChangeEvent => ({ range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } }, text });

function readAll(dataset: OpenDataset): void {
  for (let line = dataset.lines.unread.next(); line; line = dataset.lines.unread.next()) dataset.read(line);
}

describe('the counts of an open file', () => {
  it('leave out a line that was read for a run after it had been deleted', () => {
    const dataset = fresh([record(1), record(2), record(3), '[1]', ''].join('\n'));
    const asBefore = dataset.lines.snapshot();
    dataset.change([lineChange(1, 2, '')], 2);
    for (const line of asBefore) dataset.read(line);
    readAll(dataset);
    expect(textsOf(dataset)).toEqual([record(1), record(3), '[1]', '']);
    expect([dataset.recordCount, dataset.invalidCount, [...dataset.shapes]]).toEqual([2, 1, [['alpaca', 2]]]);
  });

  it('are those of the same text opened anew, whatever was edited, read and measured in between', () => {
    const line = fc.constantFrom(record(1), record(2), record(3), '{"messages":[{"role":"user","content":"Count to 1."},{"role":"assistant","content":"one"}]}', '{"instruction":"Why?","output":""}', '{"prompt":"p","completion":"a"}', '{}', '[1]', '', 'broken');
    const place = fc.nat(12);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('edit' as const), from: place, to: place, lines: fc.array(line, { maxLength: 4 }) }),
      fc.record({ kind: fc.constant('move' as const), from: place, to: place, lines: fc.constant([]) }),
      fc.record({ kind: fc.constant('read' as const), from: place, to: place, lines: fc.constant([]) }),
      fc.record({ kind: fc.constant('measure' as const), from: place, to: place, lines: fc.constant([]) }),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 10 }), fc.array(step, { maxLength: 12 }), (start, steps) => {
        const dataset = fresh(start.join('\n'));
        const measured = new Map<string, Measurement>();
        for (const [round, { kind, from: a, to: b, lines }] of steps.entries()) {
          const [from, to] = [Math.min(a, b), Math.max(a, b)].map((number) => Math.min(number, dataset.lineCount - 1)) as [number, number];
          if (kind === 'edit') dataset.change([lineChange(from, to, lines.map((text) => `${text}\n`).join(''))], round);
          if (kind === 'move' && from < to) dataset.change([lineChange(to, to, `${dataset.lineText(from)}\n`), lineChange(from, from + 1, '')], round);
          if (kind === 'read') for (let number = from; number <= to; number++) dataset.parsed(number);
          if (kind === 'measure') measure(dataset, from, round, measured);
        }
        readAll(dataset);
        const anew = fresh(textsOf(dataset).join('\n'));
        readAll(anew);
        // What no line holds any more is forgotten some day; what a line holds is not.
        anew.learn(measured.values());
        dataset.learn(measured.values());
        expect(pictureOf(dataset)).toEqual(pictureOf(anew));
      }),
      { numRuns: 100 },
    );
  });
});

function measure(dataset: OpenDataset, line: number, value: number, measured: Map<string, Measurement>): void {
  const key = dataset.record(line)?.exchanges[0]?.key;
  if (key === undefined) return;
  const found: Measurement = { key, length: { words: value, tokens: value, chars: value, tokenizer: 'o200k_base' }, ...(value % 2 === 0 && { reward: { scorer: 'r@1', value: value - 4 } }), ...(value % 3 === 0 && { loss: { scorer: 'l@1', cond: { sum: value, tokens: 2 } } }) };
  const all = { ...measured.get(key), ...found };
  measured.set(key, all);
  dataset.learn([all]);
}

/** Everything that an editor can ask, but stale scores, which a file that is opened anew does not have. */
function pictureOf(dataset: OpenDataset) {
  return {
    counts: [dataset.lineCount, dataset.recordCount, dataset.invalidCount, dataset.scoredCount, dataset.lines.unanswered],
    shapes: Object.fromEntries(dataset.shapes),
    offset: dataset.settings.carOffset,
    distributions: Object.fromEntries(scoreIds.map((id) => [id, Array.from(dataset.distribution(id) ?? [])])),
    lines: textsOf(dataset).map((text, line) => ({
      text,
      summary: dataset.summary(line),
      number: dataset.recordNumber(line),
      same: dataset.sameRecord(line),
      prompt: dataset.samePrompt(line),
      duplicate: dataset.duplicate(line),
      scores: dataset.scores(line).current,
    })),
  };
}

describe('a line', () => {
  it('keeps its scores, and what they were before an edit, when another change of the same notification moves it', () => {
    const dataset = exampleDataset([record(1), record(2), record(3)].join('\n'));
    void learn(dataset, { 0: { tokens: 8, reward: 0.5, cond: 1 } });
    dataset.change([{ range: { start: { line: 0, character: 16 }, end: { line: 0, character: 16 } }, text: 'Please: ' }], 2);
    dataset.parsed(0);
    expect(dataset.scores(0).previous?.values.reward).toBe(0.5);
    dataset.change([lineChange(0, 1, ''), { range: { start: { line: 0, character: record(2).length }, end: { line: 0, character: record(2).length } }, text: `\n${record(1).replace('Count', 'Please: Count')}` }], 3);
    expect(dataset.scores(1).previous?.values.reward).toBe(0.5);
    expect(dataset.summary(1)?.status).toBe('ok');
  });

  it('shows its scores again at once when an edit is undone', () => {
    const dataset = exampleDataset([record(1), record(2)].join('\n'));
    void learn(dataset, { 0: { tokens: 8 }, 1: { tokens: 9 } });
    dataset.change([lineChange(0, 1, '')], 2);
    dataset.change([lineChange(0, 0, `${record(1)}\n`)], 3);
    expect(dataset.scores(0).current.values['length.tokens']).toBe(8);
    expect(Array.from(dataset.distribution('length.tokens') ?? [])).toEqual([8, 9]);
  });
});

describe('reading ahead', () => {
  const file = () => fresh(Array.from({ length: 3000 }, (_, n) => record(n)).join('\n'));

  it('goes on where it was after an edit, and leaves no line out', () => {
    const dataset = file();
    let reads = 0;
    for (let line = dataset.lines.unread.next(); line; line = dataset.lines.unread.next()) {
      dataset.read(line);
      reads += 1;
      if (reads % 500 === 0) dataset.change([lineChange(reads / 100, reads / 100, `${record(-reads)}\n`)], reads);
    }
    expect(dataset.recordCount).toBe(3006);
    expect(reads).toBe(3006);
  });

  it('finds the lines on the screen first, wherever the screen is', () => {
    const dataset = file();
    const screen = { from: 2000, to: 2001 };
    const found: string[] = [];
    for (let line = dataset.lines.unread.among(screen); line; line = dataset.lines.unread.among(screen)) {
      found.push(line.block.text(line.index));
      dataset.read(line);
    }
    expect(found).toEqual([record(2000), record(2001)]);
  });

  it('takes lines that are no record for less than an object each', () => {
    const dataset = fresh('{}\n'.repeat(50_000));
    readAll(dataset);
    expect(dataset.invalidCount).toBe(50_000);
    expect(dataset.summary(1)).toBe(dataset.summary(40_000));
  });
});

describe('what runs on an open file', () => {
  it('is told until the last of several runs ends', () => {
    const dataset = exampleDataset(record(1));
    const first = dataset.startRun('Scoring');
    const second = dataset.startRun('Scoring');
    first.report(80);
    second.report(10);
    expect(dataset.running).toEqual({ title: 'Scoring', percent: 10 });
    second.end();
    expect(dataset.running).toEqual({ title: 'Scoring', percent: 80 });
    first.report(90);
    first.end();
    first.report(95);
    expect(dataset.running).toBeUndefined();
  });
});
