import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { ParsedLine } from '../core/record/parseRecord';
import { formatCount } from '../core/scores/format';
import { FileCheck } from '../core/trainers/fileCheck';
import type { LineFinding, Trainer } from '../core/trainers/trainer';
import { findTrainer } from '../core/trainers/trainers';
import { checkDataset } from '../engine/operations/checkDataset';
import type { LineProblem } from '../languageService/datasetView';
import { escapeMarkdown } from '../languageService/hostileText';
import type { Requests } from '../protocol/lsp';
import { parsePageUri } from '../protocol/pageUri';
import type { LineHandle } from './datasetLines';
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
  // Of a page the whole file counts.
  const dataset = parsePageUri(uri) ? undefined : datasets.get(uri)?.dataset;
  const { signal, dispose } = signalOf(token);
  const progress = new RequestProgress(connection, workDoneToken, `Checking for ${trainer.title}`);
  try {
    const findings = dataset ? await checkOpen(dataset, trainer, signal) : await checkDataset({ file: savedPath(uri), trainer: id, signal });
    onFindings(uri);
    return { findings: findings.length, markdown: report(trainer, findings) };
  } finally {
    dispose();
    progress.done();
  }
}

/** Of the lines as they are now: those that an edit moves meanwhile take their findings along. */
async function checkOpen(dataset: OpenDataset, trainer: Trainer, signal: AbortSignal): Promise<readonly LineFinding[]> {
  const pauses = new Pauses();
  const fileCheck = new FileCheck(trainer);
  const findings: LineFinding[] = [];
  const unsaid: LineFinding[] = [];
  const lines = dataset.lines.snapshot();
  const held = dataset.lines.hold();
  try {
    let number = 0;
    for (const line of lines) {
      number += 1;
      await pauses.breathe(signal);
      const parsed = dataset.read(line);
      const isJson = parsed.status === 'ok' || (parsed.status === 'invalid' && parsed.rule === 'unknown-shape');
      const found = [...fileCheck.line({ number, parsed, ...(isJson && { value: JSON.parse(line.block.text(line.index).replace(/^\uFEFF/u, '')) as unknown }) })];
      findings.push(...found);
      unsaid.push(...found.filter((finding) => !isSaid(parsed, finding)));
    }
    const last = fileCheck.end();
    showFindings(dataset, lines, trainer, [...unsaid, ...last]);
    return [...findings, ...last];
  } finally {
    held.release();
  }
}

/** What the record itself already says is not said twice. */
function isSaid(parsed: ParsedLine, { rule, message }: LineFinding): boolean {
  return parsed.status === 'ok' ? parsed.record.problems.some((problem) => problem.message === message) : rule === 'not-a-record';
}

function showFindings(dataset: OpenDataset, lines: Iterable<LineHandle>, trainer: Trainer, findings: readonly LineFinding[]): void {
  const byLine = new Map<number, LineProblem[]>();
  for (const { line, rule, severity, message, path } of findings) {
    const problems = byLine.get(line) ?? [];
    problems.push({ rule: `${trainer.id}/${rule}`, severity, message, ...(path && { path }) });
    byLine.set(line, problems);
  }
  let number = 0;
  for (const line of lines) dataset.lines.setFindings(line, byLine.get((number += 1)) ?? []);
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
