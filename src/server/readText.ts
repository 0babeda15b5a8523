import { parseLine, type ParsedLine } from '../core/record/parseRecord';

/** Longer lines are left to the command line: reading one would hold up every badge. */
const longestLine = 4_000_000;

/** Reads a line of an open file. Never throws. */
export function readText(text: string): ParsedLine {
  if (text.length <= longestLine) return parseLine(text);
  return {
    status: 'invalid',
    rule: 'too-long',
    message: `The line has ${text.length} characters; the editor reads records of up to ${longestLine}. The command line reads this one too.`,
  };
}
