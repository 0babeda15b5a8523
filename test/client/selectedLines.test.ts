import { describe, expect, it } from 'vitest';
import { selectedLines } from '../../src/client/selectedLines';

/** `2:0-4:0`: from line 2, character 0 to line 4, character 0. */
function selection(text: string) {
  const [line = 0, character = 0, endLine = 0, endCharacter = 0] = text.split(/[:-]/).map(Number);
  return { start: { line }, end: { line: endLine, character: endCharacter }, isEmpty: line === endLine && character === endCharacter };
}

describe('lines under selections', () => {
  it.each([
    ['a cursor', ['3:0-3:0'], [3]],
    ['a part of a line', ['3:5-3:9'], [3]],
    ['whole lines, ended at the start of the next', ['2:0-4:0'], [2, 3]],
    ['lines that reach into the last', ['2:0-4:1'], [2, 3, 4]],
    ['several cursors, out of order, one line twice', ['9:1-9:1', '2:0-2:0', '9:4-9:4'], [2, 9]],
  ])('%s', (_what, selections, lines) => {
    expect(selectedLines(selections.map(selection))).toEqual(lines);
  });
});
