import { maxLineLength, parseLine, type ParsedLine } from '../core/record/parseRecord';

/** Longer lines are left to the command line, as far as it reads them: reading one would hold up every badge. */
const longestLine = 4_000_000;

/** Reads a line of an open file. Never throws. */
export function readText(text: string): ParsedLine {
  if (text.length <= longestLine) return parseLine(text);
  const remedy = text.length <= maxLineLength ? 'The command line reads this one too.' : 'Split the record, or remove it.';
  return { status: 'invalid', rule: 'too-long', message: `The line has ${text.length} characters; the editor reads records of up to ${longestLine}. ${remedy}` };
}
