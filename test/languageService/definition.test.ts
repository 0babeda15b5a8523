import { describe, expect, it } from 'vitest';
import { definition } from '../../src/languageService/definition';
import { alpaca, exampleDataset, uri } from './support/exampleDataset';

const lines = [
  alpaca('Name a colour.', 'Blue.'),
  alpaca('Name a bird.', 'A wren.'),
  '{"messages":[{"role":"user","content":"Name a colour."},{"role":"assistant","content":"Blue."}]}',
  alpaca('Name a colour.', 'Red.'),
  '[1]',
  alpaca('Name a colour.', 'Red.'),
  '',
];
const dataset = exampleDataset(lines.join('\n'));

/** `from line → to line`, both 0-based. */
function target(line: number): string | undefined {
  const link = definition(dataset, { line, character: 20 });
  return link && `${line} → ${link.targetRange.start.line}`;
}

describe('the first occurrence', () => {
  it.each([
    ['of the same record, in whatever shape', 2, '2 → 0'],
    ['of a response that is new is that of its prompt', 3, '3 → 0'],
    ['of a response that is not new is that of the record', 5, '5 → 3'],
    ['of a first occurrence is itself', 0, '0 → 0'],
    ['of a record that stands alone is not asked for', 1, undefined],
    ['of a line that is no record does not exist', 4, undefined],
    ['of an empty line does not exist', 6, undefined],
    ['of a line beyond the end does not exist', 99, undefined],
  ])('%s', (_, line, expected) => {
    expect(target(line)).toBe(expected);
  });

  it('underlines a word and leads to the start of the line', () => {
    expect(definition(dataset, { line: 3, character: 20 })).toEqual({
      originSelectionRange: { start: { line: 3, character: 16 }, end: { line: 3, character: 20 } },
      targetUri: uri,
      targetRange: { start: { line: 0, character: 0 }, end: { line: 0, character: lines[0]?.length } },
      targetSelectionRange: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    });
  });

  it('of itself holds the place asked about, so that editors offer the references', () => {
    const link = definition(dataset, { line: 0, character: 20 });
    expect(link?.targetSelectionRange).toEqual({ start: { line: 0, character: 16 }, end: { line: 0, character: 20 } });
  });

  it('never underlines a whole text', () => {
    const long = exampleDataset(Array.from({ length: 2 }, () => alpaca('x'.repeat(5000), 'y')).join('\n'));
    expect(definition(long, { line: 1, character: 2000 })?.originSelectionRange).toEqual({ start: { line: 1, character: 2000 }, end: { line: 1, character: 2000 } });
  });
});
