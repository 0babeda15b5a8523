import type { CancellationToken, Connection } from 'vscode-languageserver';
import { formatCount } from '../core/scores/format';
import { FileCheck } from '../core/trainers/fileCheck';
import type { LineFinding, Trainer } from '../core/trainers/trainer';
import { findTrainer } from '../core/trainers/trainers';
import { checkDataset } from '../engine/operations/checkDataset';
import type { LineProblem } from '../languageService/datasetView';
import { escapeMarkdown } from '../languageService/hostileText';
import type { Requests } from '../protocol/lsp';
import type { DatasetLine } from './datasetLine';
import type { Datasets } from './datasets';
import { savedPath } from './filePath';
import { RequestProgress, signalOf } from './longRequest';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';

type Check = Requests['cupel/check'];

export interface CheckingDeps {
  readonly connection: Connection;
  readonly datasets: Datasets;
  readonly onFindings: (uri: string) => void;
}

/** `cupel/check`: what a trainer would reject or lose, of the open text or else of the file; also put among the problems. */
export async function check({ uri, trainer: id, workDoneToken }: Check['params'], token: CancellationToken, { connection, datasets, onFindings }: CheckingDeps): Promise<Check['result']> {
  const trainer = findTrainer(id);
  if (!trainer) throw new Error(`There is no trainer profile "${id}".`);
  const dataset = datasets.get(uri)?.dataset;
  const { signal, dispose } = signalOf(token);
  const progress = new RequestProgress(connection, workDoneToken, `Checking for ${trainer.title}`);
  try {
    // The lines as they are now: those that an edit moves meanwhile take their findings along.
    const lines = dataset?.lines ?? [];
    const findings = dataset ? await checkOpen(dataset, lines, trainer, signal) : await checkDataset({ file: savedPath(uri), trainer: id, signal });
    if (dataset) showFindings(lines, trainer, findings);
    onFindings(uri);
    return { findings: findings.length, markdown: report(trainer, findings) };
  } finally {
    dispose();
    progress.done();
  }
}

async function checkOpen(dataset: OpenDataset, lines: readonly DatasetLine[], trainer: Trainer, signal: AbortSignal): Promise<readonly LineFinding[]> {
  const pauses = new Pauses();
  const fileCheck = new FileCheck(trainer);
  const findings: LineFinding[] = [];
  for (const [index, line] of lines.entries()) {
    await pauses.breathe(signal);
    const parsed = dataset.read(line, false);
    const isJson = parsed.status === 'ok' || (parsed.status === 'invalid' && parsed.rule === 'unknown-shape');
    findings.push(...fileCheck.line({ number: index + 1, parsed, ...(isJson && { value: JSON.parse(line.text.replace(/^\uFEFF/u, '')) as unknown }) }));
  }
  return [...findings, ...fileCheck.end()];
}

/** What the record itself already says is not said twice. */
function showFindings(lines: readonly DatasetLine[], trainer: Trainer, findings: readonly LineFinding[]): void {
  const byLine = new Map<number, LineProblem[]>();
  for (const { line, rule, severity, message, path } of findings) {
    const summary = lines[line - 1]?.summary;
    const known = summary?.status === 'ok' ? summary.problems.some((problem) => problem.message === message) : rule === 'not-a-record';
    if (known) continue;
    const problems = byLine.get(line - 1) ?? [];
    problems.push({ rule: `${trainer.id}/${rule}`, severity, message, ...(path && { path }) });
    byLine.set(line - 1, problems);
  }
  for (const [index, line] of lines.entries()) line.findings = byLine.get(index) ?? [];
}

const shownLines = 10;

function report(trainer: Trainer, findings: readonly LineFinding[]): string {
  const title = `# Check for ${escapeMarkdown(trainer.title)}`;
  const source = `Rules read in: ${escapeMarkdown(trainer.source)}`;
  if (findings.length === 0) return `${title}\n\nNothing found: every record can be read.\n\n${source}\n`;
  const byRule = new Map<string, LineFinding[]>();
  for (const finding of findings) {
    const found = byRule.get(finding.rule);
    if (found) found.push(finding);
    else byRule.set(finding.rule, [finding]);
  }
  const sections = [...byRule].map(([rule, found]) => {
    const first = found.slice(0, shownLines).map(({ line, message }) => `- line ${formatCount(line)}: ${withFieldNames(message)}`);
    if (found.length > shownLines) first.push(`- … and ${formatCount(found.length - shownLines)} more`);
    return `## ${escapeMarkdown(rule)} (${found[0]?.severity ?? 'warning'}, ${formatCount(found.length)})\n\n${first.join('\n')}`;
  });
  return `${[title, `${formatCount(findings.length)} ${findings.length === 1 ? 'finding' : 'findings'}.`, ...sections, source].join('\n\n')}\n`;
}

/** A finding's message in Markdown; the plain field names in it stand as code. */
function withFieldNames(message: string): string {
  return escapeMarkdown(message).replaceAll(/\\`([\w ]+(?:\\_[\w ]+)*)\\`/g, (_, name: string) => `\`${name.replaceAll('\\_', '_')}\``);
}
