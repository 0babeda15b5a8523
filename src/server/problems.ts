import { DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError, type CancellationToken, type Diagnostic, type DocumentDiagnosticReport } from 'vscode-languageserver';
import { ProblemPass } from '../languageService/diagnostics';
import type { Datasets } from './datasets';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';

/** Lines looked at between two looks at the clock. */
const slice = 500;

/** What was found last in an open file. */
interface Known {
  /** Everything the findings depend on; the dataset itself, since a file that is opened again counts its versions anew. */
  readonly dataset: OpenDataset;
  readonly state: string;
  readonly resultId: string;
  readonly items: Diagnostic[];
}

/** Answers what is wrong with an open file: at once when nothing has changed, else by one pass that lets other requests in. */
export class Problems {
  readonly #datasets: Datasets;
  readonly #known = new Map<string, Known>();
  readonly #revisions = new Map<string, number>();
  #everything = 0;
  #results = 0;

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
  }

  /** More has been read or found about a file than its version says. */
  changed(uri: string): void {
    this.#revisions.set(uri, (this.#revisions.get(uri) ?? 0) + 1);
  }

  /** The settings have changed. */
  allChanged(): void {
    this.#everything += 1;
  }

  closed(uri: string): void {
    this.#known.delete(uri);
    this.#revisions.delete(uri);
  }

  /** True when scores have come in that make the last answer wrong. */
  outdatedByScores(uri: string): boolean {
    const known = this.#known.get(uri);
    return known !== undefined && known.state !== this.#state(uri, known.dataset);
  }

  /**
   * @throws ResponseError `RequestCancelled` when the editor no longer waits; `ServerCancelled`, to be asked again, when the text changes
   * meanwhile.
   */
  async report(uri: string, previousResultId: string | undefined, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const known = await this.#find(uri, token);
    if (!known) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const { resultId, items } = known;
    return resultId === previousResultId ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId } : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
  }

  /** For editors that do not ask. Undefined when the text changes meanwhile: what follows then is told anew. */
  async diagnostics(uri: string, token: CancellationToken): Promise<Diagnostic[] | undefined> {
    try {
      return (await this.#find(uri, token))?.items;
    } catch (error) {
      if (error instanceof ResponseError) return undefined;
      throw error;
    }
  }

  async #find(uri: string, token: CancellationToken): Promise<Known | undefined> {
    const dataset = this.#datasets.get(uri)?.dataset;
    if (!dataset) return undefined;
    const state = this.#state(uri, dataset);
    const before = this.#known.get(uri);
    if (before?.dataset === dataset && before.state === state) return before;
    const { version } = dataset;
    const items = await findProblems(dataset, () => {
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
      if (dataset.version !== version) throw new ResponseError(LSPErrorCodes.ServerCancelled, 'The text has changed meanwhile.', { retriggerRequest: true });
    });
    const same = before?.dataset === dataset && JSON.stringify(before.items) === JSON.stringify(items);
    const known: Known = { dataset, state, items, resultId: same ? before.resultId : String((this.#results += 1)) };
    if (this.#datasets.get(uri)?.dataset === dataset) this.#known.set(uri, known);
    return known;
  }

  #state(uri: string, dataset: OpenDataset): string {
    return [dataset.version, this.#revisions.get(uri) ?? 0, this.#everything, responsesOfOneToken(dataset)].join(' ');
  }
}

/** @param proceed called between slices; throws when nobody wants the answer any more. */
export async function findProblems(dataset: OpenDataset, proceed: () => void): Promise<Diagnostic[]> {
  const pauses = new Pauses();
  const pass = new ProblemPass(dataset);
  while (pass.next(slice)) {
    await pauses.breathe();
    proceed();
  }
  return pass.result();
}

/** Of the scores the findings depend on these alone. */
function responsesOfOneToken(dataset: OpenDataset): number {
  const lengths = dataset.distribution('length.tokens');
  let count = 0;
  while (lengths && count < lengths.length && (lengths[count] ?? 2) <= 1) count += 1;
  return count;
}
