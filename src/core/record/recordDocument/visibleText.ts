/*
 * Characters that a text editor would drop, change or hide are spelled `⟨U+000D⟩`; everything else stands as it is. A text that holds
 * such a spelling itself has its first bracket spelled, so that reading gives back every string of UTF-16 units exactly.
 */

/**
 * Controls but tab and newline; halves of characters, which UTF-8 cannot hold; line separators, which editors offer to remove;
 * byte-order marks; characters that reorder what is read.
 */
const control = /(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/gu;
/** The bracket of what only looks like a spelling is spelled too. */
const spelled = new RegExp(`${control.source}|⟨(?=U\\+[0-9A-F]{4,6}⟩)`, 'gu');
const spelling = /⟨U\+([0-9A-F]{4,6})⟩/gu;

/** A text as an editor can show it. Newlines at its ends are spelled too: there they would be lost among blank lines. */
export function writeVisible(text: string): string {
  const { start, end } = withoutEdges(text);
  return spell('\n').repeat(start) + text.slice(start, end).replaceAll(spelled, spell) + spell('\n').repeat(text.length - end);
}

/** A line that is shown and never read back. */
export function writeLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(control, spell);
}

/** The text that was written so; a spelling of no character stands for itself. */
export function readVisible(shown: string): string {
  return shown.replaceAll(spelling, (written, hex: string) => {
    const character = parseInt(hex, 16);
    return character > 0x10ffff ? written : String.fromCodePoint(character);
  });
}

/** What is left of a text, as offsets, without the newlines at its ends. */
export function withoutEdges(text: string): { readonly start: number; readonly end: number } {
  let start = 0;
  while (text.charCodeAt(start) === newline) start++;
  let end = text.length;
  while (end > start && text.charCodeAt(end - 1) === newline) end--;
  return { start, end };
}

const newline = 0x0a;

function spell(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
