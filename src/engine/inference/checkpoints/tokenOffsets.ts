import { readBytes } from './byteCharacters';

/** How token texts stand for bytes. */
export interface TokenWriting {
  /** Bytes written as GPT-2's characters for them; otherwise `▁` is a space and `<0xNN>` a byte. */
  readonly byteLevel: boolean;
  /** Tokens that stand for themselves. */
  readonly verbatim: ReadonlySet<string>;
}

type Range = readonly [start: number, end: number];

/**
 * UTF-16 [start, end) of each token in `text`, which has no lone surrogates; a token that is part of a character has the
 * character's range. A space that the tokenizer put before a text has no place: it belongs to the empty start of its token.
 * `undefined` when the tokens are not those of the text (a normalizer changed it in another way than NFC does).
 */
export function alignTokens(text: string, tokens: readonly string[], writing: TokenWriting): readonly Range[] | undefined {
  const pieces = tokens.map((token) => bytesOf(token, writing));
  // Where U+2581 is written for spaces, one in the text is the same to the model.
  const seen = writing.byteLevel ? text : text.replaceAll('▁', ' ');
  return align(identical(seen), pieces) ?? align(composed(seen), pieces);
}

/** Bytes of a text as the tokenizer saw it, and the UTF-16 range in the original that each stands for. */
interface PlacedBytes {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const encoder = new TextEncoder();
const space = 0x20;

function align({ bytes, starts, ends }: PlacedBytes, pieces: readonly Uint8Array[]): readonly Range[] | undefined {
  const ranges: Range[] = [];
  let at = 0;
  for (const piece of pieces) {
    const added = piece[0] === space && bytes[at] !== space ? 1 : 0;
    const length = piece.length - added;
    for (let i = 0; i < length; i++) if (piece[added + i] !== bytes[at + i]) return undefined;
    const start = starts[at] ?? ends.at(-1) ?? 0;
    ranges.push([start, length === 0 ? start : (ends[at + length - 1] ?? start)]);
    at += length;
  }
  return at === bytes.length ? ranges : undefined;
}

function identical(text: string): PlacedBytes {
  return placed(function* () {
    let start = 0;
    for (const character of text) {
      yield [character, start, start + character.length];
      start += character.length;
    }
  }, encoder.encode(text));
}

/** NFC, which never reaches across the graphemes of a text. */
function composed(text: string): PlacedBytes {
  const parts: [string, number, number][] = [];
  for (const { segment, index } of new Intl.Segmenter('en').segment(text)) parts.push([segment.normalize('NFC'), index, index + segment.length]);
  return placed(() => parts, encoder.encode(parts.map(([part]) => part).join('')));
}

function placed(parts: () => Iterable<readonly [text: string, start: number, end: number]>, bytes: Uint8Array): PlacedBytes {
  const starts = new Uint32Array(bytes.length);
  const ends = new Uint32Array(bytes.length);
  let at = 0;
  for (const [part, start, end] of parts()) {
    const next = at + Buffer.byteLength(part);
    starts.fill(start, at, next);
    ends.fill(end, at, next);
    at = next;
  }
  return { bytes, starts, ends };
}

function bytesOf(token: string, { byteLevel, verbatim }: TokenWriting): Uint8Array {
  if (verbatim.has(token)) return encoder.encode(token);
  if (!byteLevel) {
    const byte = /^<0x([0-9A-F]{2})>$/u.exec(token)?.[1];
    return byte === undefined ? encoder.encode(token.replaceAll('▁', ' ')) : Uint8Array.of(Number.parseInt(byte, 16));
  }
  return readBytes(token) ?? encoder.encode(token);
}
