import { expect, it, vi } from 'vitest';
import { RecordClusters, type ReadableFile } from '../../src/server/recordClusters';
import { alpaca, exampleDataset } from '../languageService/support/exampleDataset';

const { signal } = new AbortController();

/** An open file whose lines have all been read. */
function openFile(lines: readonly string[]): ReadableFile {
  const dataset = exampleDataset(lines.join('\n'));
  return { dataset, work: { readAll: () => Promise.resolve() } };
}

it('keeps a file ready for the next question, and lets go of it when nobody asks', async () => {
  const clusters = new RecordClusters(1);
  const file = openFile([alpaca('a', 'b'), alpaca('a', 'c')]);
  const found = clusters.find(file, 0, { signal });
  await found;
  expect(clusters.holds(file.dataset)).toBe(true);
  await vi.waitUntil(() => !clusters.holds(file.dataset));
  expect((await clusters.find(file, 0, { signal }))?.members).toHaveLength(2);
  clusters.dispose();
});

it('hands out a thousand and says how many more there are, the same ones before all', async () => {
  const clusters = new RecordClusters();
  const others = Array.from({ length: 1500 }, (_, index) => alpaca('Say a number.', `number ${index}`));
  const cluster = await clusters.find(openFile([...others, alpaca('Say a number.', 'number 7')]), 1500, { signal });
  expect(cluster).toMatchObject({ more: 501 });
  expect(cluster?.members.slice(0, 3).map(({ line, kind }) => `${line} ${kind}`)).toEqual(['1500 self', '7 same', '0 prompt']);
  expect(cluster?.members).toHaveLength(1000);
  clusters.dispose();
});

it('stays right when records that were edited away outnumber the others', async () => {
  const clusters = new RecordClusters();
  const file = openFile([alpaca('a', 'b'), alpaca('a', 'c')]);
  for (let version = 2; version < 1100; version++) {
    const line = file.dataset.lineText(1);
    file.dataset.change([{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: line.length } }, text: alpaca('a', `c ${version}`) }], version);
    file.dataset.parsed(1);
    expect((await clusters.find(file, 0, { signal }))?.members.map(({ line: at }) => at)).toEqual([0, 1]);
  }
  clusters.dispose();
});

it('gives up when it is told to', async () => {
  const clusters = new RecordClusters();
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  await expect(clusters.find(openFile([alpaca('a', 'b')]), 0, { signal: controller.signal })).rejects.toThrow('enough');
  clusters.dispose();
});
