import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/protocol/settings';
import { OpenDataset } from '../../src/server/openDataset';
import { exampleDataset } from '../languageService/support/exampleDataset';

const record = (n: number) => `{"instruction":"Count to ${n}.","output":"${n}"}`;

describe('the counts of an open file', () => {
  it('leave out a line that was read for a run after it had been deleted', () => {
    const dataset = new OpenDataset('file:///data.jsonl', 1, [record(1), record(2), record(3), '[1]', ''].join('\n'), { settings: defaultSettings, images: false, commands: undefined });
    const asBefore = dataset.lines.snapshot();
    dataset.change([{ range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: '' }], 2);
    for (const line of asBefore) dataset.read(line);
    for (const line of dataset.lines.snapshot()) dataset.read(line);
    expect(Array.from({ length: dataset.lineCount }, (_, line) => dataset.lineText(line))).toEqual([record(1), record(3), '[1]', '']);
    expect([dataset.recordCount, dataset.invalidCount, [...dataset.shapes]]).toEqual([2, 1, [['alpaca', 2]]]);
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
