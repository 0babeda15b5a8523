import { codePointName, type TextFault } from './textFault';

/** What Windows-1252 shows for the bytes 80 to 9F; where it shows nothing, the control character that Latin-1 reads. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const byteOf: ReadonlyMap<string, number> = new Map(Array.from(windows1252).map((character, index) => [character, 0x80 + index]));

const continuation = `[\\u0080-\\u00BF${windows1252}]`;
/** Bytes of UTF-8 as they read in Latin-1 or Windows-1252: a lead and as many continuations as it announces. */
const suspects = new RegExp(`[Â-Å]${continuation}|[ÎÏÐÑ]${continuation}[ÎÏÐÑ]${continuation}|[âãäåæçèéï]${continuation}{2}|ð[\\u0090Ÿž]${continuation}{2}`, 'g');

/** Marks that may follow a capital letter in good text: `MAÇÔ closes a quotation. */
const typographic = /^\p{Lu}[‘’“”„…–—‹›«»•]$/u;

interface Suspect {
  readonly start: number;
  readonly end: number;
  readonly meant: string;
  /** Reads as good text too; counts only beside others. */
  readonly ambiguous: boolean;
}

/** Undefined when no part of the text reads as UTF-8 taken for another encoding. Texts without any of the leads cost one look. */
export function findMojibake(text: string): TextFault | undefined {
  if (text.search(suspects) < 0) return undefined;
  const found = [...text.matchAll(suspects)].flatMap((match) => suspect(text, match.index, match[0]) ?? []);
  const clear = found.find(({ ambiguous }) => !ambiguous) ?? (new Set(found.map(({ meant }) => meant)).size > 2 ? found[0] : undefined);
  if (clear === undefined) return undefined;
  const written = visible(text.slice(clear.start, clear.end));
  const more = found.length > 1 ? ` (${found.length} places in this text)` : '';
  return { message: `UTF-8 was read in another encoding: ${written} should read ${visible(clear.meant)}${more}.`, start: clear.start, end: clear.end };
}

function suspect(text: string, start: number, written: string): Suspect | undefined {
  const bytes = Array.from(written).map((character) => byteOf.get(character) ?? character.charCodeAt(0));
  const meant = decode(bytes);
  if (meant === undefined || !isPlausible(meant)) return undefined;
  const end = start + written.length;
  const before = text[start - 1] ?? '';
  const afterCapital = typographic.test(written) && (before === '' || !/\p{Ll}/u.test(before));
  return { start, end, meant, ambiguous: afterCapital || (bytes.length === 2 && (written.charCodeAt(0) > 0xc3 || /\s/u.test(written))) };
}

/** UTF-8 of one or two characters; undefined for what is none, or longer than it need be. */
function decode(bytes: readonly number[]): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    let codePoint = lead & (0xff >> (length + 1));
    for (const byte of bytes.slice(at + 1, at + length)) {
      if ((byte & 0xc0) !== 0x80) return undefined;
      codePoint = codePoint * 64 + (byte & 0x3f);
    }
    if (codePoint < (length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80) || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) return undefined;
    text += String.fromCodePoint(codePoint);
    at += length;
  }
  return text;
}

/** Letters, signs and pictures that people write; a stray sequence decodes to anything. */
function isPlausible(meant: string): boolean {
  return /^(?:[\u00A0-\u017F\u0370-\u052F\u2000-\u27BF\u2E80-\u9FFF\uAC00-\uD7AF\uFEFF\uFF00-\uFFEF]|[\u{1F000}-\u{1FAFF}])+$/u.test(meant);
}

/** Nothing that a reader cannot see gets into a message. */
function visible(text: string): string {
  return Array.from(text, (character) => (/[\p{C}\p{Z}]/u.test(character) ? codePointName(character.codePointAt(0) ?? 0) : character)).join('');
}
