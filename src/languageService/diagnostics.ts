import type { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity } from 'vscode-languageserver-types';
import type { RecordRule, Span } from '../core/record/conversation';
import { findName } from '../core/record/json/find';
import type { Severity } from '../core/record/rules/catalogue';
import { locate } from '../core/record/splice';
import { textPlaces } from '../core/record/textPlaces';
import { formatCount } from '../core/scores/format';
import type { DatasetView } from './datasetView';
import { FileFindings } from './problems/fileFindings';
import { FindingGroup, type Finding } from './problems/finding';

export const problemSource = 'Cupel';
export const lspSeverity: Readonly<Record<Severity, DiagnosticSeverity>> = { error: 1, warning: 2, information: 3, hint: 4 };

/** VS Code keeps this many problems of a file. */
const mostInAll = 1000;
/** Of the other lines that a problem is about. */
const mostRelated = 5;

/** Everything wrong with the lines read so far; see `ProblemPass`. */
export function diagnostics(view: DatasetView): Diagnostic[] {
  const pass = new ProblemPass(view);
  while (pass.next(view.lineCount));
  return pass.result();
}

/**
 * One pass over a file for its problems, in as many steps as one likes while the text stays the same. Of each rule the worst
 * `maximumPerRule` are reported, fewer where that makes more than VS Code keeps; the last of them is followed by one that
 * counts the rest.
 */
export class ProblemPass {
  readonly #view: DatasetView;
  readonly #findings: FileFindings;
  readonly #groups = new Map<string, FindingGroup>();
  #last: { readonly rule: string; readonly severity: Severity; readonly group: FindingGroup } | undefined;
  #line = 0;

  constructor(view: DatasetView) {
    this.#view = view;
    this.#findings = new FileFindings(view);
  }

  /** Looks at the next lines. False when there are no more. */
  next(lines: number): boolean {
    const end = Math.min(this.#view.lineCount, this.#line + lines);
    for (; this.#line < end; this.#line++) for (const finding of this.#findings.line(this.#line)) this.#add(finding);
    return this.#line < this.#view.lineCount;
  }

  /** Call it once, after the last line. Errors come first, then rule by rule. */
  result(): Diagnostic[] {
    for (const finding of this.#findings.end()) this.#add(finding);
    const groups = [...this.#groups.values()].map((group) => this.#reported(group, Infinity));
    const inAll = groups.reduce((count, { length }) => count + length, 0);
    const fair = Math.max(1, Math.floor(mostInAll / groups.length) - 1);
    const reported = inAll <= mostInAll ? groups : [...this.#groups.values()].map((group) => this.#reported(group, fair));
    return reported.sort((a, b) => (a[0]?.severity ?? 4) - (b[0]?.severity ?? 4)).flat();
  }

  /** A rule's findings may differ in how loud they are: each kind is counted by itself. */
  #add(finding: Finding): void {
    this.#group(finding).add(finding);
  }

  #group({ rule, severity }: Finding): FindingGroup {
    // Millions of neighbours may have the same problem.
    if (this.#last?.rule === rule && this.#last.severity === severity) return this.#last.group;
    const kind = `${severity} ${rule}`;
    let group = this.#groups.get(kind);
    if (!group) this.#groups.set(kind, (group = new FindingGroup(this.#view.settings.maximumPerRule)));
    this.#last = { rule, severity, group };
    return group;
  }

  #reported(group: FindingGroup, limit: number): Diagnostic[] {
    const { shown, more } = group.worst(limit);
    const placed = shown.map((finding) => place(this.#view, finding));
    const last = shown.at(-1);
    if (more === 0 || last === undefined) return placed;
    const message = `… and ${formatCount(more)} more ${more === 1 ? 'line' : 'lines'} with this problem (${last.rule}).`;
    return [...placed, place(this.#view, { line: last.line, rule: last.rule, severity: last.severity === 'hint' ? 'hint' : 'information', message })];
  }
}

/** A record as a whole is marked at its opening brace: a file under one long red line helps nobody. */
function wholeLine(view: DatasetView, line: number, text: string): Span {
  if (view.summary(line)?.status === 'invalid') return { start: 0, end: text.length };
  const start = Math.max(0, text.indexOf('{'));
  return { start, end: Math.min(text.length, start + 1) };
}

function place(view: DatasetView, finding: Finding): Diagnostic {
  const { line, others } = finding;
  const span = spanOf(view, finding);
  const related = others?.() ?? [];
  return {
    range: { start: { line, character: span.start }, end: { line, character: Math.max(span.start, span.end) } },
    severity: lspSeverity[finding.severity],
    source: problemSource,
    code: finding.rule,
    message: finding.message,
    ...(related.length > 0 && { relatedInformation: relatedLines(view, related) }),
  };
}

/** These rules are about the name of a field, not about its value. */
const aboutNames: ReadonlySet<string> = new Set<RecordRule>(['unknown-field', 'duplicate-key']);

function spanOf(view: DatasetView, { line, rule, span, path, part }: Finding): Span {
  if (span) return span;
  const text = view.lineText(line);
  const name = path && aboutNames.has(rule) ? findName(text, path) : undefined;
  if (name) return name;
  const exact = path && part ? textPlaces(text, path)?.(part.start, part.end) : undefined;
  return exact ?? (path && locate(text, path)) ?? wholeLine(view, line, text);
}

function relatedLines(view: DatasetView, lines: readonly number[]): DiagnosticRelatedInformation[] {
  return lines.slice(0, mostRelated).map((line, index) => {
    const span = wholeLine(view, line, view.lineText(line));
    const more = index === mostRelated - 1 && lines.length > mostRelated ? ` … and on ${formatCount(lines.length - mostRelated)} more lines` : '';
    const summary = view.summary(line);
    const title = summary?.status === 'ok' ? summary.title : '';
    return { location: { uri: view.uri, range: { start: { line, character: span.start }, end: { line, character: span.end } } }, message: `${title}${more}` };
  });
}
