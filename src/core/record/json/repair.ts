import type { Expected } from './faultCauses';
import { foreignWords, isJsonWord } from './faultCauses';
import { endOfWord, isWordStart } from './fault';
import { findInnerMarks, isQuotationMark, mendText, type MendedText, type RepairCause } from './repairText';
import { applyChanges, type TextChange } from './textChanges';

export interface Repair {
  /** Ascending and apart. */
  readonly changes: readonly TextChange[];
  /** What they mend, in the order of the text. */
  readonly causes: readonly RepairCause[];
  readonly text: string;
}

export interface RepairOptions {
  /** Closes a record that is cut off: what is missing is given up, and so is a field without a value. */
  readonly close?: boolean;
}

const maxDepth = 1000;

/**
 * Makes JSON of a line that is none, or of several lines that hold one record. Strings keep their content, numbers their
 * spelling, everything else its place; each of several records gets a line of its own. Undefined where nothing is wrong,
 * and where it would have to guess what was meant. One pass, without recursion; never throws.
 */
export function repairJson(json: string, { close = false }: RepairOptions = {}): Repair | undefined {
  const repairer = new Repairer(json);
  if (!repairer.run(close) || repairer.changes.length === 0) return undefined;
  const changes = repairer.changes.map(({ start, end, text }) => ({ start, end, text }));
  const text = applyChanges(json, changes);
  return text.split('\n').every(isJson) ? { changes, causes: [...new Set(repairer.changes.map(({ cause }) => cause))], text } : undefined;
}

function isJson(line: string): boolean {
  if (/^\s*$/.test(line)) return true;
  try {
    JSON.parse(line.startsWith('\ufeff') ? line.slice(1) : line);
    return true;
  } catch {
    return false;
  }
}

interface MendingChange extends TextChange {
  readonly cause: RepairCause;
}

/** Walks over the text as `findFault` does, and mends where that one stops. */
class Repairer {
  readonly changes: MendingChange[] = [];
  readonly #json: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  #expected: Expected = 'value';
  #comma: number | undefined;
  /** The end of the value or bracket before. */
  #before = 0;
  /** Where the field or element begins that is being read, with the comma before it; to be given up if it is cut off. */
  #member = 0;

  constructor(json: string) {
    this.#json = json;
  }

  /** Whether the whole text could be read. */
  run(close: boolean): boolean {
    for (;;) {
      if (!this.#passGap()) return false;
      if (this.#at >= this.#json.length) break;
      const done = this.#token(close);
      if (done !== 'next') return done === 'closed';
    }
    if (this.#expected === 'nothing') return true;
    return close && this.#open.length > 0 && this.#closeBrackets();
  }

  /** Reads one token. `closed`: the text ends within it, and the record has been closed there. */
  #token(close: boolean): 'next' | 'refused' | 'closed' {
    const token = this.#json.charAt(this.#at);
    if (isQuotationMark(token)) return this.#text(close);
    if (token === '{' || token === '[') return this.#openBracket(token);
    if (token === '}' || token === ']') return this.#closeBracket(token);
    if (token === ',') return this.#passComma();
    if (token === ':') {
      if (this.#expected !== 'colon') return 'refused';
      this.#expected = 'value';
      this.#at += 1;
      return 'next';
    }
    return this.#word(close);
  }

  #text(close: boolean): 'next' | 'refused' | 'closed' {
    const isName = this.#wantsName() || this.#startsMissedField();
    if (!isName && (!this.#wantsValue() || this.#open.length === 0)) return 'refused';
    if (isName && this.#expected === 'commaOrEnd') this.#insertComma();
    if (isName) this.#beginMember();
    let text = mendText(this.#json, this.#at);
    if (text?.closed === true && !this.#mayFollow(text.end, isName)) {
      const marks = isName || this.#json[this.#at] !== '"' || this.#container !== '{' ? undefined : findInnerMarks(this.#json, text.end - 1);
      text = marks && mendText(this.#json, this.#at, marks);
    }
    if (!text) return 'refused';
    if (!text.closed) return close && this.#closeText(text, isName) ? 'closed' : 'refused';
    for (const { cause, ...change } of text.changes) this.#change(change, cause);
    this.#at = text.end;
    if (isName) this.#expected = 'colon';
    else this.#valueEnds();
    return 'next';
  }

  /** What stands after a quoted text, so that its closing mark is believed. */
  #mayFollow(end: number, isName: boolean): boolean {
    const next = /[^\s]/g;
    next.lastIndex = end;
    const found = next.exec(this.#json);
    if (!found) return true;
    if (isName) return found[0] === ':';
    if ('}],/#\ufeff'.includes(found[0])) return true;
    return found.index > end && this.#container === '{' && isFieldName(this.#json, found.index);
  }

  #openBracket(token: '{' | '['): 'next' | 'refused' {
    if (this.#expected === 'nothing') {
      if (token !== '{' || this.#json[this.#before - 1] !== '}') return 'refused';
      if (!this.#json.slice(this.#before, this.#at).includes('\n')) this.#separate();
      this.#expected = 'value';
    } else if (this.#expected === 'commaOrEnd' && this.#container === '[' && token === '{' && this.#json[this.#before - 1] === '}') {
      this.#insertComma();
      this.#expected = 'value';
    }
    if (!this.#wantsValue()) return 'refused';
    this.#open.push(token);
    if (this.#open.length > maxDepth) return 'refused';
    this.#at += 1;
    this.#before = this.#at;
    this.#comma = undefined;
    this.#expected = token === '{' ? 'keyOrEnd' : 'valueOrEnd';
    return 'next';
  }

  #closeBracket(token: '}' | ']'): 'next' | 'refused' {
    const at = this.#at;
    this.#at += 1;
    if (this.#expected === 'nothing') {
      this.#change({ start: at, end: at + 1, text: '' }, 'extra-bracket');
      return 'next';
    }
    if (this.#container !== (token === '}' ? '{' : '[')) return 'refused';
    const isTrailing = this.#comma !== undefined && (this.#expected === 'key' || (this.#expected === 'value' && this.#container === '['));
    if (isTrailing && this.#comma !== undefined) this.#change({ start: this.#comma, end: this.#comma + 1, text: '' }, 'trailing-comma');
    else if (this.#expected !== 'commaOrEnd' && this.#expected !== 'keyOrEnd' && this.#expected !== 'valueOrEnd') return 'refused';
    this.#open.pop();
    this.#valueEnds();
    return 'next';
  }

  #passComma(): 'next' | 'refused' {
    const at = this.#at;
    this.#at += 1;
    if (this.#expected === 'commaOrEnd') {
      this.#comma = at;
      this.#expected = this.#container === '{' ? 'key' : 'value';
      return 'next';
    }
    const isRecordEnd = this.#expected === 'nothing';
    if (!isRecordEnd && this.#expected !== 'key') return 'refused';
    this.#change({ start: at, end: at + 1, text: '' }, isRecordEnd ? 'trailing-comma' : 'extra-comma');
    return 'next';
  }

  #word(close: boolean): 'next' | 'refused' | 'closed' {
    const { length } = this.#json;
    const start = this.#at;
    if (!isWordStart(this.#json.charAt(start))) return 'refused';
    const end = endOfWord(this.#json, start);
    const word = this.#json.slice(start, end);
    if (this.#wantsName()) {
      if (!/^[\p{L}_$][\p{L}\p{N}_$-]{0,200}$/u.test(word) || !/\s{0,100}:/y.test(this.#json.slice(end, end + 101))) return 'refused';
      this.#beginMember();
      this.#change({ start, end, text: `"${word}"` }, 'unquoted-name');
      this.#expected = 'colon';
    } else if (this.#wantsValue() && this.#open.length > 0) {
      if (!isJsonWord(word)) {
        const instead = foreignWords.get(word) ?? jsonNumber(word);
        // What looks like the beginning of a word may be one that is cut off.
        if (instead === undefined && close && end === length) return this.#closeBrackets() ? 'closed' : 'refused';
        if (instead === undefined) return 'refused';
        this.#change({ start, end, text: instead }, foreignWords.has(word) ? 'foreign-word' : 'foreign-number');
      }
      this.#at = end;
      this.#valueEnds();
    } else return 'refused';
    this.#at = end;
    return 'next';
  }

  /** Passes over white space, and takes out what is none to JSON. False for a comment that has no end. */
  #passGap(): boolean {
    while (this.#at < this.#json.length) {
      const unit = this.#json.charCodeAt(this.#at);
      const start = this.#at;
      if (unit === 0x20 || unit === 0x09 || unit === 0x0d) this.#at += 1;
      else if (unit === 0x0a) this.#passLineBreak();
      else if (unit === 0xfeff) {
        this.#at += 1;
        if (start > 0) this.#change({ start, end: this.#at, text: '' }, 'byte-order-mark');
      } else if (unit === 0x2f || unit === 0x23) {
        const end = endOfComment(this.#json, start);
        if (end === undefined) return false;
        this.#at = end;
        this.#change({ start, end, text: '' }, 'comment');
      } else if (unit > 0x7f && /\s/.test(this.#json.charAt(start))) {
        this.#at += 1;
        this.#change({ start, end: this.#at, text: ' ' }, 'odd-space');
      } else break;
    }
    return true;
  }

  /** Within a record, a line break goes with the indentation around it; between records it stays. */
  #passLineBreak(): void {
    const end = /[^ \t\r\n]|$/g;
    end.lastIndex = this.#at;
    const next = end.exec(this.#json)?.index ?? this.#json.length;
    if (this.#open.length > 0) {
      const last = this.#json[this.#at - 1];
      this.#change({ start: this.#at, end: next, text: last === ',' || last === ':' ? ' ' : '' }, 'spread');
    }
    this.#at = next;
  }

  /** Ends a text that the line cuts off, or gives up the field whose name it was. */
  #closeText(text: MendedText, isName: boolean): boolean {
    if (this.#open.length === 0) return false;
    if (isName) return this.#closeBrackets();
    for (const { cause, ...change } of text.changes) this.#change(change, cause);
    this.#change({ start: text.torn ?? this.#json.length, end: this.#json.length, text: `"${this.#closers()}` }, 'cut-off-text');
    return true;
  }

  /** Closes what is open; a field or element that has no value yet is given up. */
  #closeBrackets(): boolean {
    const whole = this.#expected === 'commaOrEnd' || this.#expected === 'keyOrEnd' || this.#expected === 'valueOrEnd';
    const start = whole && this.#at >= this.#json.length ? this.#json.length : this.#memberStart();
    while ((this.changes.at(-1)?.end ?? 0) > start) this.changes.pop();
    this.#change({ start, end: this.#json.length, text: this.#closers() }, 'cut-off');
    return true;
  }

  /** Where that begins which is given up: after a comma that comma. */
  #memberStart(): number {
    return this.#container === '[' || this.#wantsName() ? (this.#comma ?? this.#before) : this.#member;
  }

  #closers(): string {
    return this.#open.toReversed().map((bracket) => (bracket === '{' ? '}' : ']')).join('');
  }

  #beginMember(): void {
    this.#member = this.#comma ?? this.#before;
  }

  #valueEnds(): void {
    this.#before = this.#at;
    this.#comma = undefined;
    this.#expected = this.#open.length === 0 ? 'nothing' : 'commaOrEnd';
  }

  #insertComma(): void {
    this.#change({ start: this.#before, end: this.#before, text: ',' }, 'missing-comma');
  }

  /** Puts a line break between two records. */
  #separate(): void {
    while ((this.changes.at(-1)?.end ?? 0) > this.#before) this.changes.pop();
    this.#change({ start: this.#before, end: this.#at, text: '\n' }, 'concatenated');
  }

  #change(change: TextChange, cause: RepairCause): void {
    // A comma is taken out, or put in, before a gap that has already been mended.
    let place = this.changes.length;
    while (place > 0 && (this.changes[place - 1]?.end ?? 0) > change.start) place -= 1;
    const later = place < this.changes.length ? this.changes.splice(place) : [];
    this.changes.push({ start: change.start, end: change.end, text: change.text, cause });
    for (const moved of later) this.changes.push(moved);
  }

  /** After a value the name of another field, without the comma that belongs between them. */
  #startsMissedField(): boolean {
    return this.#expected === 'commaOrEnd' && this.#container === '{' && this.#at > this.#before && isFieldName(this.#json, this.#at);
  }

  #wantsName(): boolean {
    return this.#expected === 'key' || this.#expected === 'keyOrEnd';
  }

  #wantsValue(): boolean {
    return this.#expected === 'value' || this.#expected === 'valueOrEnd';
  }

  get #container(): '{' | '[' | undefined {
    return this.#open.at(-1);
  }
}

const fieldName = /"[^"\\]{0,200}"\s{0,100}:/y;

function isFieldName(json: string, at: number): boolean {
  fieldName.lastIndex = at;
  return fieldName.test(json);
}

/** A comment's end; undefined where none begins, or where it takes the rest of the text along. */
function endOfComment(json: string, start: number): number | undefined {
  if (json.startsWith('/*', start)) {
    const end = json.indexOf('*/', start + 2);
    return end === -1 ? undefined : end + 2;
  }
  if (json[start] !== '#' && !json.startsWith('//', start)) return undefined;
  const end = json.indexOf('\n', start);
  return end === -1 ? json.length : end;
}

/** A number in JSON's spelling; undefined for what is none, or another one with leading zeros. */
function jsonNumber(word: string): string | undefined {
  const parts = word.length < 1000 ? /^([-+]?)(\d*)\.?(\d*)((?:[eE][-+]?\d+)?)$/.exec(word) : null;
  if (!parts) return undefined;
  const [, sign, whole = '', decimals = '', exponent = ''] = parts;
  if (whole + decimals === '' || (whole.length > 1 && whole.startsWith('0'))) return undefined;
  const point = word.includes('.') ? `.${decimals === '' ? '0' : decimals}` : '';
  return `${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${point}${exponent}`;
}
