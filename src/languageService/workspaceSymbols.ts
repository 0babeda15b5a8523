import type { SymbolKind, WorkspaceSymbol } from 'vscode-languageserver-types';
import type { ParsedLine } from '../core/record/parseRecord';
import type { DatasetView } from './datasetView';
import { lineNumber } from './lineNumber';

const object = 19 satisfies SymbolKind;
/** More than anybody reads; who types another letter gets others. */
const maximumSymbols = 200;
/** Characters shown around a word that stands deep in an instruction. */
const snippet = 70;

/** How well a title answers a query, best first. */
const ranks = ['start', 'words', 'inside', 'letters'] as const;
type Rank = (typeof ranks)[number];

/**
 * Looks for records whose instruction holds the words of a query. Titles first, as editors expect of symbols: whole words, parts
 * of words, then the query's letters in order; where those are few, the rest of the instructions too.
 */
export class SymbolSearch {
  readonly #words: readonly string[];
  readonly #letters: string;
  readonly #limit: number;
  readonly #ranked: Readonly<Record<Rank, WorkspaceSymbol[]>> = { start: [], words: [], inside: [], letters: [] };
  readonly #deep: WorkspaceSymbol[] = [];

  constructor(query: string, limit = maximumSymbols) {
    this.#words = query.toLowerCase().split(/\s+/u).filter((word) => word !== '');
    this.#letters = this.#words.join('');
    this.#limit = limit;
  }

  /** The best ones are all found: looking on would change nothing. */
  get full(): boolean {
    return this.#ranked.start.length >= this.#limit;
  }

  /** Titles have answered too little: it is worth it to `lookDeeper`. */
  get hungry(): boolean {
    const found = ranks.reduce((sum, rank) => sum + this.#ranked[rank].length, this.#deep.length);
    return this.#letters.length >= 3 && found < this.#limit;
  }

  /** Compares a record's title, if the line has been read and holds a record. */
  look(view: DatasetView, line: number): void {
    const summary = view.summary(line);
    if (summary?.status !== 'ok' || summary.title === '') return;
    const rank = rankOf(summary.title.toLowerCase(), this.#words, this.#letters);
    if (rank !== undefined && this.#ranked[rank].length < this.#limit) this.#ranked[rank].push(symbol(view, line, summary.title));
  }

  /** Compares what the user says beyond the title. `read` reads a line that may hold the words. */
  lookDeeper(view: DatasetView, line: number, read: (line: number) => ParsedLine): void {
    const summary = view.summary(line);
    const [first] = this.#words;
    if (summary?.status !== 'ok' || first === undefined || !mayHold(view.lineText(line), this.#words)) return;
    if (rankOf(summary.title.toLowerCase(), this.#words, this.#letters) !== undefined) return;
    const parsed = read(line);
    if (parsed.status !== 'ok') return;
    for (const { role, text } of parsed.record.prompt) {
      const lower = text.toLowerCase();
      if (role !== 'user' || !this.#words.every((word) => lower.includes(word))) continue;
      this.#deep.push(symbol(view, line, around(text, lower.indexOf(first))));
      return;
    }
  }

  results(): WorkspaceSymbol[] {
    return [...ranks.flatMap((rank) => this.#ranked[rank]), ...this.#deep].slice(0, this.#limit);
  }
}

function rankOf(title: string, words: readonly string[], letters: string): Rank | undefined {
  if (words.length === 0 || title.startsWith(words.join(' '))) return 'start';
  if (words.every((word) => startsAWord(title, word))) return 'words';
  if (words.every((word) => title.includes(word))) return 'inside';
  return isSubsequence(letters, title) ? 'letters' : undefined;
}

function startsAWord(title: string, word: string): boolean {
  for (let at = title.indexOf(word); at !== -1; at = title.indexOf(word, at + 1)) {
    if (at === 0 || !letterOrDigit.test(title.charAt(at - 1))) return true;
  }
  return false;
}

const letterOrDigit = /[\p{L}\p{N}]/u;

function isSubsequence(letters: string, title: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = title.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** A quick look at the JSON text: words that are written as they are must stand in it; others may be escaped. */
function mayHold(json: string, words: readonly string[]): boolean {
  const lower = json.toLowerCase();
  return words.every((word) => !/^[a-z0-9]+$/.test(word) || lower.includes(word));
}

/** One line of text around a place, whole words where there are some, no character cut. */
function around(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 20), at).replace(/^\S*\s/u, '');
  const after = text.slice(at, at + snippet);
  const cut = `${before}${after}`.replaceAll(/[\s\p{Cs}]+/gu, ' ').trim();
  return `… ${cut}${at + snippet < text.length ? ' …' : ''}`;
}

function symbol(view: DatasetView, line: number, name: string): WorkspaceSymbol {
  const start = { line, character: 0 };
  return { name, kind: object, containerName: `line ${lineNumber(view, line)}`, location: { uri: view.uri, range: { start, end: { line, character: view.lineText(line).length } } } };
}
