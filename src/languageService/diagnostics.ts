import type { Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import type { JsonPath, Span } from '../core/record/conversation';
import { rules, type Severity } from '../core/record/rules/catalogue';
import { shapeTitle } from '../core/record/shapes/shapes';
import { locate } from '../core/record/splice';
import { formatCount } from '../core/scores/format';
import type { DatasetView, RecordSummary } from './datasetView';

const source = 'Cupel';
const error = 1 satisfies DiagnosticSeverity;
const warning = 2 satisfies DiagnosticSeverity;
const information = 3 satisfies DiagnosticSeverity;

const severityOf: Readonly<Record<Severity, DiagnosticSeverity>> = { error, warning, information, hint: 4 };

/** A problem before it is placed in its line: that is done for the reported ones only. */
interface Finding {
  readonly line: number;
  readonly rule: string;
  readonly severity: DiagnosticSeverity;
  readonly message: string;
  readonly span?: Span;
  readonly path?: JsonPath;
}

/**
 * Everything wrong with the lines read so far. Of each rule the first `maximumPerRule` are reported; the last of them is
 * followed by one that counts the rest.
 */
export function diagnostics(view: DatasetView): Diagnostic[] {
  const reported = new Map<string, { shown: Finding[]; more: number }>();
  for (const finding of findings(view)) {
    const group = reported.get(finding.rule) ?? { shown: [], more: 0 };
    reported.set(finding.rule, group);
    if (group.shown.length < view.settings.maximumPerRule) group.shown.push(finding);
    else group.more += 1;
  }
  return [...reported].flatMap(([rule, { shown, more }]) => {
    const placed = shown.map((finding) => place(view, finding));
    const last = shown.at(-1);
    if (more === 0 || last === undefined) return placed;
    const message = `… and ${formatCount(more)} more ${more === 1 ? 'line' : 'lines'} with this problem (${rule}).`;
    return [...placed, place(view, { line: last.line, rule, severity: information, message })];
  });
}

function* findings(view: DatasetView): Generator<Finding> {
  const usual = usualShape(view);
  for (let line = 0; line < view.lineCount; line++) {
    const summary = view.summary(line);
    if (summary === undefined || summary.status === 'empty') continue;
    if (summary.status === 'invalid') {
      yield { line, rule: summary.rule, severity: error, message: summary.message, ...(summary.span && { span: summary.span }) };
      continue;
    }
    const found = view.findings(line);
    for (const { rule, message, severity, path } of found) yield { line, rule, severity: severityOf[severity], message, ...(path && { path }) };
    for (const { rule, message, path } of summary.problems) yield { line, rule, severity: severityOf[rules[rule].severity], message, ...(path && { path }) };
    if (summary.replaced) yield { line, rule: 'not-utf8', severity: warning, message: 'The line holds U+FFFD (�), which stands for bytes that could not be read: was the file saved in another encoding than UTF-8?' };
    if (usual !== undefined && summary.shape !== usual) yield mixedShape(line, summary, usual);
    const twin = view.duplicate(line);
    if (twin && twin.line < line) yield { line, rule: 'duplicate-record', severity: information, message: `The same conversation stands on line ${formatCount(twin.line + 1)}.` };
  }
}

/** The most common shape of a file that mixes several; of two equally common ones the same, in whatever order their records came. */
function usualShape(view: DatasetView): RecordSummary['shape'] | undefined {
  if (view.shapes.size < 2) return undefined;
  return [...view.shapes].reduce((best, other) => (other[1] > best[1] || (other[1] === best[1] && other[0] < best[0]) ? other : best))[0];
}

function mixedShape(line: number, summary: RecordSummary, usual: RecordSummary['shape']): Finding {
  const message = `This record has the shape ${shapeTitle(summary.shape)} in a file of mostly ${shapeTitle(usual)}: most trainers read one shape a file.`;
  return { line, rule: 'mixed-shapes', severity: information, message };
}

/** A record as a whole is marked at its opening brace: a file under one long red line helps nobody. */
function wholeLine(view: DatasetView, line: number, text: string): Span {
  if (view.summary(line)?.status === 'invalid') return { start: 0, end: text.length };
  const start = Math.max(0, text.indexOf('{'));
  return { start, end: Math.min(text.length, start + 1) };
}

function place(view: DatasetView, finding: Finding): Diagnostic {
  const text = view.lineText(finding.line);
  const span = finding.span ?? (finding.path && locate(text, finding.path)) ?? wholeLine(view, finding.line, text);
  return {
    range: { start: { line: finding.line, character: span.start }, end: { line: finding.line, character: Math.max(span.start, span.end) } },
    severity: finding.severity,
    source,
    code: finding.rule,
    message: finding.message,
  };
}
