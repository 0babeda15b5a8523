import { code } from './structure';

/**
 * Where the UTF-16 units of a string's value stand in its JSON literal, a valid one with its quotation marks: entry i is the
 * offset of unit i, or of the backslash where that unit is escaped; a last entry, after those of all units, is the closing mark's.
 */
export function unitOffsets(literal: string): Uint32Array {
  const offsets = new Uint32Array(literal.length - 1);
  const end = literal.length - 1;
  let units = 0;
  for (let at = 1; at < end; at += lengthOfUnit(literal, at)) offsets[units++] = at;
  offsets[units] = end;
  return offsets.slice(0, units + 1);
}

function lengthOfUnit(literal: string, at: number): number {
  if (literal.charCodeAt(at) !== code.backslash) return 1;
  return literal[at + 1] === 'u' ? 6 : 2;
}
