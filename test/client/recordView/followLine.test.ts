import { describe, expect, it } from 'vitest';
import { followLine } from '../../../src/client/recordView/followLine';

/** `2:0-3:0 text`: from line 2, column 0 to line 3, column 0. */
function edit(written: string) {
  const [, a, b, c, d, text] = /^(\d+):(\d+)-(\d+):(\d+) ?([^]*)$/u.exec(written) ?? [];
  return { range: { start: { line: Number(a), character: Number(b) }, end: { line: Number(c), character: Number(d) } }, text: text ?? '' };
}

describe('line 5 after an edit', () => {
  it.each([
    ['below it', '6:0-8:0', 5],
    ['at its end, a new line after it', '5:40-5:40 \nnew', 5],
    ['inside it', '5:3-5:9 word', 5],
    ['that takes lines above away', '1:0-3:0', 3],
    ['that takes the line before away', '4:0-5:0', 4],
    ['that joins two lines above', '2:10-3:0', 4],
    ['that adds lines above', '2:0-2:0 a\r\nb\n', 7],
    ['that adds a line just above', '5:0-5:0 new\n', 6],
    ['that writes the line above anew', '4:0-4:9 other', 5],
    ['that takes it away', '5:0-6:0', undefined],
    ['that takes it away as the last line', '4:12-5:40', undefined],
    ['that takes it and its neighbours away', '3:2-7:4 x', undefined],
    ['that writes it anew as several', '5:0-5:40 a\nb', undefined],
    ['that changes its first characters', '5:0-5:2 [', 5],
  ])('%s', (_what, written, expected) => {
    expect(followLine(5, [edit(written)])).toBe(expected);
  });

  it('of several parts is followed through each, in the order in which they apply', () => {
    expect(followLine(5, [edit('7:0-8:0'), edit('3:0-3:0 a\nb\n'), edit('1:0-2:0')])).toBe(6);
  });
});
