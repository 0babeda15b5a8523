import { describe, expect, it, vi } from 'vitest';
import { brokenRuns } from '../../src/languageService/brokenLines';
import { alpaca, exampleDataset } from './support/exampleDataset';

/** The runs of a file, as people count lines. */
function runs(...lines: readonly string[]): string[] {
  return brokenRuns(exampleDataset(lines.join('\n'))).map(({ rule, from, to, cause }) => `${rule} ${cause} ${from + 1}–${to + 1}`);
}

const [a, b, c] = [alpaca('a', '1'), alpaca('b', '2'), alpaca('c', '3')];

describe('a file that is one JSON array', () => {
  it.each([
    ['on one line', [`[${a}, ${b}]`, ''], 'array-file array 1–1'],
    ['on one line, with a comma too many', [`[${a}, ${b},]`], 'array-file array 1–1'],
    ['an element a line', ['[', `${a},`, b, ']', ''], 'array-file array 1–4'],
    ['an element a line, brackets beside them', [`[${a},`, `${b},`, `${c}]`], 'array-file array 1–3'],
    ['indented', JSON.stringify([JSON.parse(a), JSON.parse(b)], null, 2).split('\n'), 'array-file array 1–10'],
    ['after empty lines', ['', '\ufeff[', a, ']'], 'array-file array 2–4'],
    ['cut off', ['[', `${a},`, `${b},`], 'array-file array 1–3'],
    ['on a line too long for the editor', [`[${`${a}, `.repeat(150_000)}${b}]`], 'array-file array 1–1'],
  ])('%s', (_, lines, expected) => {
    expect(runs(...lines)).toEqual([expected]);
  });

  it.each([
    ['records', [a, b]],
    ['a list of numbers among records', ['[1]', a]],
    ['an array among records', [`[${a}]`, b]],
    ['a cut-off array before records', [`[${a},`, b, c]],
    ['nothing', ['']],
    ['an empty array', ['[]']],
    ['an open bracket alone', ['[']],
  ])('not %s', (_, lines) => {
    expect(runs(...lines)).toEqual([]);
  });
});

describe('a record on several lines', () => {
  it.each([
    ['a text with line breaks', [a, '{"instruction": "x", "output": "one', 'two', '', 'four"}', b], ['broken-json line-break 2–5']],
    ['an object over lines', [a, '{', '  "instruction": "x",', '  "output": "y"', '}', b], ['broken-json spread 2–5']],
    ['many of them', ['{', '"instruction": "x", "output": "y"', '}', '{"instruction": "x', '", "output": "y"}', '', '{', '"instruction": "x", "output": "y"', '}'], ['broken-json spread 1–3', 'broken-json line-break 4–5', 'broken-json spread 7–9']],
    ['a text that holds JSON and braces', ['{"instruction": "x", "output": "{', "  'a': [", '}"}', a], ['broken-json line-break 1–3']],
  ])('%s', (_, lines, expected) => {
    expect(runs(...lines)).toEqual(expected);
  });

  it.each([
    ['cut-off records one after the other', ['{"instruction": "x", "output": "one', '{"instruction": "x", "output": "one', a]],
    ['a cut-off last line', [a, '{"instruction": "x", "output": "one']],
    ['a record that never ends', ['{', '"instruction": "x",', '"output": "y"']],
    ['a record that ends within a line', ['{', '"instruction": "x", "output": "y"} {"instruction": "x", "output": "y"}']],
    ['another fault in between', ['{', '"instruction": \'x\'', '}']],
  ])('not %s', (_, lines) => {
    expect(runs(...lines)).toEqual([]);
  });

  it('is told for people, who count from 1', () => {
    expect(brokenRuns(exampleDataset(['{"instruction": "x', '", "output": "y"}'].join('\n')))[0]?.message).toBe(
      'A text of this record holds line breaks, so that the record stands on lines 1 to 2: write them as \\n.',
    );
  });

  it('looks at a bounded part of a file full of lines that end too early', () => {
    const dataset = exampleDataset(Array.from({ length: 20_000 }, () => '{"a": [').join('\n'));
    const lineText = vi.spyOn(dataset, 'lineText');
    expect(brokenRuns(dataset)).toEqual([]);
    expect(lineText.mock.calls.length).toBeLessThan(200_000);
  });

  it('looks for an array behind no more than some empty lines', () => {
    const dataset = exampleDataset('\n'.repeat(50_000));
    const lineText = vi.spyOn(dataset, 'lineText');
    expect(brokenRuns(dataset)).toEqual([]);
    expect(lineText.mock.calls.length).toBeLessThan(10_000);
  });
});
