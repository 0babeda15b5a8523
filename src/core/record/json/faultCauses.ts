import type { Span } from '../conversation';

/** The likely causes that faults are told apart by. */
export type FaultCause =
  | 'bad-escape'
  | 'bare-word'
  | 'byte-order-mark'
  | 'comment'
  | 'concatenated'
  | 'control-character'
  | 'cut-off'
  | 'cut-off-text'
  | 'extra-bracket'
  | 'extra-comma'
  | 'foreign-number'
  | 'foreign-word'
  | 'missing-colon'
  | 'missing-comma'
  | 'missing-value'
  | 'single-quotes'
  | 'text-after-record'
  | 'trailing-comma'
  | 'unescaped-quote'
  | 'unquoted-name';

/** Where a text stops being JSON. `message` names the likely cause and the remedy and holds no text of the line. */
export interface Fault {
  readonly cause: FaultCause;
  readonly message: string;
  readonly span: Span;
}

/** What may stand at a place in JSON text; `nothing` after the whole value. */
export type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing';

/** Where a token stands. */
interface Place {
  readonly expected: Expected;
  /** The innermost bracket that is open. */
  readonly container: '{' | '[' | undefined;
  /** The last comma before it. */
  readonly comma: Span | undefined;
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const literals: ReadonlySet<string> = new Set(['true', 'false', 'null']);

/** Spellings from other languages, and what JSON writes instead. */
export const foreignWords: ReadonlyMap<string, 'null' | 'true' | 'false'> = new Map([
  ...(['NaN', 'nan', 'Infinity', '-Infinity', 'inf', '-inf', 'undefined', 'None', 'NULL'] as const).map((word) => [word, 'null'] as const),
  ...(['True', 'TRUE'] as const).map((word) => [word, 'true'] as const),
  ...(['False', 'FALSE'] as const).map((word) => [word, 'false'] as const),
]);

/** A number, true, false or null as JSON writes them. */
export function isJsonWord(word: string): boolean {
  return literals.has(word) || (word.length < 10_000 && number.test(word));
}

/** What is wrong with a bare word where a value belongs; nothing for a number, true, false and null. */
export function faultInWord(word: string, span: Span): Fault | undefined {
  if (isJsonWord(word)) return undefined;
  const instead = foreignWords.get(word);
  if (instead !== undefined) return { cause: 'foreign-word', message: foreignMessage(word, instead), span };
  if (isQuote(word)) return singleQuotes(span);
  if (word.startsWith('//') || word.startsWith('/*') || word.startsWith('#')) return comments(span);
  if (/^[-+.\d]/.test(word)) {
    return { cause: 'foreign-number', message: 'This is not a number as JSON writes it: no leading + or zeros, a digit on both sides of the point, such as 0.5 or 1e-3.', span };
  }
  return { cause: 'bare-word', message: 'This is no JSON value: a text needs double quotation marks (").', span };
}

/** What is wrong with a token that cannot stand where it does. */
export function faultInPlace(json: string, span: Span, { expected, container, comma }: Place): Fault {
  const token = json.charAt(span.start);
  const isBracket = token === '}' || token === ']';
  if (token === '\ufeff') return { cause: 'byte-order-mark', message: 'A byte-order mark stands inside the line, perhaps where two files were joined: remove it.', span };
  if (expected === 'nothing') return faultAfterRecord(token, span);
  if (isBracket && comma !== undefined && (expected === 'key' || (expected === 'value' && followsComma(json, span, comma)))) {
    return { cause: 'trailing-comma', message: `A comma stands before the closing ${token}: remove it.`, span: comma };
  }
  if (isBracket && (container === undefined || (container === '{') !== (token === '}'))) {
    return { cause: 'extra-bracket', message: `The ${token} here closes nothing: ${container === undefined ? 'no bracket is open' : `a ${container} is open`}.`, span };
  }
  switch (expected) {
    case 'key':
    case 'keyOrEnd':
      if (isQuote(token)) return singleQuotes(span);
      if (token === '/' || token === '#') return comments(span);
      if (token === ',') return { cause: 'extra-comma', message: 'Two commas in a row: remove one.', span };
      return { cause: 'unquoted-name', message: 'The name of a field belongs here, in double quotation marks (").', span };
    case 'colon':
      return { cause: 'missing-colon', message: 'A colon (:) is missing between the name of a field and its value.', span };
    case 'commaOrEnd':
      return faultAfterValue(json, token, span);
    default:
      return { cause: 'missing-value', message: `A value is missing before the ${token} here.`, span };
  }
}

/** What is missing at the end of a line that is right as far as it goes. */
export function faultInEnding(json: string, open: readonly ('{' | '[')[]): Fault {
  const text = json.trimEnd();
  const span = { start: Math.max(0, text.length - 1), end: text.length };
  if (text.trimStart() === '[' || text.trimStart() === '{') {
    return { cause: 'cut-off', message: 'This line only opens a bracket. A dataset in JSONL holds one whole record a line; a JSON array or indented JSON must be rewritten so.', span };
  }
  const missing = open.length;
  return { cause: 'cut-off', message: missing === 1 ? 'The line ends too early: one bracket is not closed.' : `The line ends too early: ${missing} brackets are not closed.`, span };
}

function faultAfterRecord(token: string, span: Span): Fault {
  if (token === '{' || token === '[') return { cause: 'concatenated', message: 'A second value starts here: write each record on a line of its own.', span };
  if (token === ',') return { cause: 'trailing-comma', message: 'A comma follows the record: in JSONL the end of the line parts the records. Remove it.', span };
  if (token === '}' || token === ']') return { cause: 'extra-bracket', message: `The ${token} here closes nothing: the record has already ended.`, span };
  return { cause: 'text-after-record', message: 'Text follows after the end of the record: remove it, or write it on a line of its own.', span };
}

function faultAfterValue(json: string, token: string, span: Span): Fault {
  if (token === ':') return { cause: 'missing-comma', message: 'A colon (:) cannot stand here: a comma or a closing bracket belongs after a value.', span };
  if (json[span.start - 1] === '"' && token !== '"') {
    return { cause: 'unescaped-quote', message: 'The string before this ended early: a quotation mark inside a text is written \\".', span };
  }
  return { cause: 'missing-comma', message: 'A comma (,) is missing before this.', span };
}

function foreignMessage(word: string, instead: string): string {
  if (word === 'None' || instead !== 'null') return `${word === 'TRUE' || word === 'FALSE' ? word : `Python's ${word}`} is written ${instead} in JSON.`;
  return `${word} is not JSON: write null, or leave the field out.`;
}

function followsComma(json: string, span: Span, comma: Span): boolean {
  return json.slice(comma.end, span.start).trim() === '';
}

function isQuote(word: string): boolean {
  return /^['‘’“”`]/.test(word);
}

function singleQuotes(span: Span): Fault {
  return { cause: 'single-quotes', message: 'JSON knows only straight double quotation marks ("): names and texts need them.', span };
}

function comments(span: Span): Fault {
  return { cause: 'comment', message: 'JSON has no comments: remove this one, or keep it in a field of the record.', span };
}
