import { headingOf, type RecordSection } from './sections';
import { readVisible, withoutEdges } from './visibleText';
import { fenceOf, frontMatterMark } from './write';

export type ReadDocument =
  /** One text a section, in their order. */
  | { readonly ok: true; readonly texts: readonly string[] }
  | DocumentProblem;

export interface DocumentProblem {
  readonly ok: false;
  /** One sentence that names the remedy; holds no text of the document. */
  readonly message: string;
  /** 0-based line of the document. */
  readonly line: number;
}

/**
 * Reads the texts out of a record's document that a person has edited. Headings must be those of `sections` in their order; blank
 * lines around a text, the kind of line ends, and what the front matter says do not matter.
 */
export function readRecordDocument(document: string, sections: readonly RecordSection[]): ReadDocument {
  const lines = linesOf(document);
  const start = endOfFrontMatter(lines);
  if (start === undefined) return problem(`The front matter has no end: put a line of ${frontMatterMark} after its comments, or undo.`, 0);
  const found = findSections(lines, start);
  if (!Array.isArray(found)) return found;
  return compareHeadings(found, sections, lines.length) ?? { ok: true, texts: found.map(({ text }) => readVisible(text)) };
}

/** The version of the record that a document was written from; undefined when its front matter does not say. */
export function documentVersion(document: string): string | undefined {
  for (const line of frontMatter(document).split('\n')) {
    const version = /^# version ([0-9a-f]{16})$/u.exec(line.trimEnd())?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** The front matter with its marks; empty where there is none. */
export function frontMatter(document: string): string {
  const lines = linesOf(document);
  return lines.slice(0, endOfFrontMatter(lines)).join('\n');
}

/** What stands after the front matter, its line ends as `\n`. */
export function documentBody(document: string): string {
  const lines = linesOf(document);
  return lines.slice(endOfFrontMatter(lines)).join('\n');
}

interface FoundSection {
  readonly heading: string;
  /** 0-based line of the heading. */
  readonly line: number;
  readonly text: string;
}

function linesOf(document: string): string[] {
  return document.replace(/^\ufeff/u, '').split(/\r\n|\r|\n/u);
}

/** The line after the front matter; 0 where a document has none, undefined where it does not end. */
function endOfFrontMatter(lines: readonly string[]): number | undefined {
  if (lines[0]?.trimEnd() !== frontMatterMark) return 0;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === frontMatterMark);
  return end === -1 ? undefined : end + 1;
}

function findSections(lines: readonly string[], start: number): FoundSection[] | DocumentProblem {
  const found: FoundSection[] = [];
  for (let at = start; at < lines.length; ) {
    const heading = headingOf(lines[at] ?? '');
    if (heading === undefined) {
      if ((lines[at] ?? '').trim() !== '') return problem('This text stands under no heading: move it below one, or undo.', at);
      at++;
      continue;
    }
    const body = readBody(lines, at + 1);
    if ('ok' in body) return body;
    found.push({ heading, line: at, text: body.text });
    at = body.end;
  }
  return found;
}

/** What stands from a line up to the next heading outside a fence, without the blank lines around it. */
function readBody(lines: readonly string[], from: number): { readonly text: string; readonly end: number } | DocumentProblem {
  let first = from;
  while (lines[first] === '') first++;
  const fence = fenceOf(lines[first] ?? '');
  if (fence === undefined) {
    const end = nextHeading(lines, from);
    const body = lines.slice(from, end).join('\n');
    const edges = withoutEdges(body);
    return { text: body.slice(edges.start, edges.end), end };
  }
  const close = lines.findIndex((line, index) => index > first && line.trimEnd() === fence);
  if (close === -1) return problem(`The fence that begins here is never closed: put a line of ${fence} after the text, or undo.`, first);
  const end = nextHeading(lines, close + 1);
  const stray = lines.findIndex((line, index) => index > close && index < end && line.trim() !== '');
  if (stray !== -1) return problem('This text stands after the fence that ends the text above: move it into the fence, or undo.', stray);
  return { text: lines.slice(first + 1, close).join('\n'), end };
}

function nextHeading(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && headingOf(lines[at] ?? '') === undefined) at++;
  return at;
}

/** What is wrong with the headings; undefined when all are there, in order and alone. */
function compareHeadings(found: readonly FoundSection[], sections: readonly RecordSection[], lineCount: number): DocumentProblem | undefined {
  const wrong = sections.findIndex(({ heading }, index) => found[index]?.heading !== heading);
  const at = wrong === -1 ? sections.length : wrong;
  const extra = found[at];
  if (wrong === -1 && extra === undefined) return undefined;
  const expected = sections[at]?.heading;
  const here = extra?.line ?? Math.max(0, lineCount - 1);
  if (expected === undefined || found.length > sections.length) {
    return problem(`\`${extra?.heading ?? ''}\` would begin a turn that the record does not have: write the line another way, or put the whole text between a line \`\`\`\`text and a line \`\`\`\`.`, here);
  }
  if (found.length < sections.length) return problem(`The heading \`${expected}\` is missing before this line: every text of the record needs its own, so put it back or undo.`, here);
  return problem(`The heading \`${expected}\` belongs here: the order of the headings cannot change, so undo.`, here);
}

function problem(message: string, line: number): DocumentProblem {
  return { ok: false, message, line };
}
