import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Diagnostic,
  type ResultProgressReporter,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { errorMessage } from '../base/errorMessage';
import { formatBytes } from '../base/formatBytes';
import type { Logger } from '../base/logger';
import { lspSeverity, problemSource } from '../languageService/diagnostics';
import { severityOf } from '../languageService/problems/severity';
import type { Datasets } from './datasets';
import { filePath } from './filePath';
import { OpenDataset, type Presentation } from './openDataset';
import { Pauses } from './pauses';
import { findProblems, type Problems } from './problems';

/** A larger file is checked when somebody opens it. */
const largestFile = 32_000_000;
/** More files than these are not looked for. */
const mostFiles = 10_000;

export interface WorkspaceProblemsDeps {
  readonly datasets: Datasets;
  readonly problems: Problems;
  readonly presentation: () => Presentation;
  readonly folders: () => readonly string[];
  readonly logger: Logger;
}

/** What an editor has been told about a file. */
interface Told {
  readonly uri: string;
  /** Of the last report; absent when a new one is due. */
  readonly value?: string;
}

/**
 * What is wrong with every `.jsonl` file of the workspace's folders, behind a setting. Editors ask every few seconds: what has
 * not changed costs a look at the file's size and time; what has is read in slices and let go again.
 */
export class WorkspaceProblems {
  readonly #deps: WorkspaceProblemsDeps;
  /** By their places: what VS Code still shows of them goes only when it is told so, whatever the setting says. */
  readonly #closed = new Map<string, Told>();

  constructor(deps: WorkspaceProblemsDeps) {
    this.#deps = deps;
  }

  closed(uri: string): void {
    this.#closed.set(placeOf(uri), { uri });
  }

  async report({ previousResultIds }: WorkspaceDiagnosticParams, token: CancellationToken, progress: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined): Promise<WorkspaceDiagnosticReport> {
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const send = (item: WorkspaceDocumentDiagnosticReport) => {
      if (progress) progress.report({ items: [item] });
      else items.push(item);
    };
    const closed = [...this.#closed];
    const before = new Map<string, Told>([...closed, ...previousResultIds.map(({ uri, value }) => [placeOf(uri), { uri, value }] as const)]);
    const open = new Map([...this.#deps.datasets.all()].map(({ dataset }) => [placeOf(dataset.uri), dataset.uri]));
    if (this.#deps.presentation().settings.problems.workspace) {
      const pauses = new Pauses();
      for await (const file of this.#files()) {
        await pauses.breathe();
        assertWanted(token);
        const known = before.get(file);
        const report = await this.#fileReport(file, open.get(file) ?? known?.uri ?? pathToFileURL(file).href, known?.value, token);
        if (report) send(report);
        if (report) before.delete(file);
      }
    }
    // Of files that are gone, or are not to be reported any more, nothing is left; open ones are asked about one by one.
    for (const [place, { uri }] of before) if (!open.has(place)) send({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, items: [] });
    for (const [place, told] of closed) if (this.#closed.get(place) === told) this.#closed.delete(place);
    return { items };
  }

  async *#files(): AsyncGenerator<string> {
    const waiting = [...this.#deps.folders()];
    let found = 0;
    for (let folder = waiting.shift(); folder !== undefined && found < mostFiles; folder = waiting.shift()) {
      for (const entry of await this.#entries(folder)) {
        const place = path.join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) waiting.push(place);
        if (!entry.isFile() || !entry.name.endsWith('.jsonl')) continue;
        found += 1;
        yield place;
      }
    }
  }

  async #entries(folder: string) {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.#deps.logger.warn('A folder could not be searched for datasets', { reason: errorMessage(error) });
      return [];
    }
  }

  /** Undefined when the file cannot be read, or is gone. */
  async #fileReport(file: string, uri: string, before: string | undefined, token: CancellationToken): Promise<WorkspaceDocumentDiagnosticReport | undefined> {
    const { datasets, problems, presentation, logger } = this.#deps;
    const open = datasets.get(uri)?.dataset;
    if (open) return { ...(await problems.report(uri, before, token)), uri, version: open.version };
    try {
      const { mtimeMs, size } = await stat(file);
      const settings = presentation();
      const { maximumPerRule, severity } = settings.settings.problems;
      const resultId = `${mtimeMs} ${size} ${JSON.stringify([maximumPerRule, severity])}`;
      if (resultId === before) return { kind: DocumentDiagnosticReportKind.Unchanged, uri, version: null, resultId };
      const dataset = new OpenDataset(uri, 0, size > largestFile ? '' : await readFile(file, 'utf8'), settings);
      const items = size > largestFile ? notChecked(dataset, size) : await readAndFind(dataset, token);
      return { kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId, items };
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      logger.warn('A dataset of the workspace could not be checked', { reason: errorMessage(error) });
      return undefined;
    }
  }
}

/** Editors escape more in a URI than Node does, or less: its path tells which file it names. */
function placeOf(uri: string): string {
  try {
    return filePath(uri);
  } catch {
    // Of a file on another machine: none of the workspace's.
    return uri;
  }
}

async function readAndFind(dataset: OpenDataset, token: CancellationToken): Promise<Diagnostic[]> {
  const pauses = new Pauses();
  for (const line of dataset.lines.snapshot()) {
    dataset.read(line);
    await pauses.breathe();
    assertWanted(token);
  }
  return findProblems(dataset, () => assertWanted(token));
}

function notChecked(dataset: OpenDataset, size: number): Diagnostic[] {
  const severity = severityOf(dataset.settings, 'not-checked');
  if (severity === 'off') return [];
  const start = { line: 0, character: 0 };
  const message = `The file has ${formatBytes(size)}; while it is closed no more than ${formatBytes(largestFile)} are checked: open it to check it.`;
  return [{ range: { start, end: start }, severity: lspSeverity[severity], source: problemSource, code: 'not-checked', message }];
}

function assertWanted(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}
