import { codePointName, type TextFault } from './textFault';

/*
 * Tab and line ends are text. So are the joiners U+200C and U+200D, which emoji and several scripts need, soft hyphens, direction
 * marks, and the tags behind a black flag, which make the flags of England, Scotland and Wales.
 */
const invisible = /(?![\t\n\r])[\p{Cc}\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]|(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0000}-\u{e007f}]/gu;
/** The same and a little more, without looking around: most texts end here. */
const suspicious = /(?![\t\n\r])[\p{Cc}\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
/** Scripts that write without spaces break lines at U+200B. */
const spaceless = /[\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

const names: ReadonlyMap<number, string> = new Map([
  [0x00, 'a null character'],
  [0x07, 'a bell'],
  [0x08, 'a backspace'],
  [0x0b, 'a vertical tab'],
  [0x0c, 'a form feed'],
  [0x1b, 'an escape character'],
  [0x7f, 'a delete character'],
  [0x200b, 'a zero-width space'],
  [0x2060, 'a word joiner'],
  [0xfeff, 'a byte-order mark'],
]);

/** Undefined when everything in the text can be seen. */
export function findControlCharacter(text: string): TextFault | undefined {
  if (!suspicious.test(text)) return undefined;
  let first: TextFault | undefined;
  let count = 0;
  for (const { index, 0: character } of text.matchAll(invisible)) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint === 0x200b && (spaceless.test(text[index - 1] ?? '') || spaceless.test(text[index + 1] ?? ''))) continue;
    count += 1;
    first ??= { message: `The text holds ${names.get(codePoint) ?? kindOf(codePoint)}, ${codePointName(codePoint)}`, start: index, end: index + character.length };
  }
  if (first === undefined) return undefined;
  const more = count > 1 ? ` and ${count - 1} more that nobody sees` : ', which nobody sees';
  return { ...first, message: `${first.message}${more}: delete ${count > 1 ? 'them' : 'it'}.` };
}

function kindOf(codePoint: number): string {
  if (codePoint >= 0xe0000) return 'an invisible tag character, in which instructions can be hidden';
  if (codePoint >= 0x202a && codePoint <= 0x2069) return 'a character that reorders text';
  return 'a control character';
}
