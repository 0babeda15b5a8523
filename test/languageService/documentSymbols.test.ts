import { expect, it } from 'vitest';
import { documentSymbols } from '../../src/languageService/documentSymbols';
import { alpaca, exampleDataset } from './support/exampleDataset';

const lines = [
  alpaca('Explain why the sky is blue.', 'x'),
  '[1]',
  '{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"  Write a\\n haiku  "},{"role":"assistant","content":"y"}]}',
  alpaca('one two three four five six seven eight nine ten eleven twelve', 'x'),
  alpaca('x'.repeat(500), 'x'),
  alpaca('', 'x'),
];

it('outlines a file by the first words of its instructions', () => {
  const symbols = [...documentSymbols(exampleDataset(lines.join('\n')))];
  expect(symbols.map(({ name, detail, range }) => `${range.start.line}..${range.end.line}:${range.end.character} ${name} (${detail ?? ''})`)).toEqual([
    `0..0:${lines[0]?.length ?? 0} Explain why the sky is blue. (Alpaca)`,
    `2..2:${lines[2]?.length ?? 0} Write a haiku (messages)`,
    `3..3:${lines[3]?.length ?? 0} one two three four five six seven eight nine ten … (Alpaca)`,
    `4..4:${lines[4]?.length ?? 0} ${'x'.repeat(70)} … (Alpaca)`,
    `5..5:${lines[5]?.length ?? 0} (no instruction) (Alpaca)`,
  ]);
});

it('says how many records it leaves out', () => {
  expect([...documentSymbols(exampleDataset(lines.join('\n')), 2)].map(({ name }) => name)).toEqual(['Explain why the sky is blue.', 'Write a haiku', '… 3 more records']);
});
