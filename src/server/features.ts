import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type DocumentSymbol,
  type Hover,
  type InlayHint,
  type InlayHintParams,
} from 'vscode-languageserver';
import { errorMessage } from '../base/errorMessage';
import type { Logger } from '../base/logger';
import type { RewardReason } from '../core/scores/scorer';
import type { Engine } from '../engine/engine';
import { scoreItem } from '../engine/operations/scoreItem';
import { codeActions } from '../languageService/codeActions/codeActions';
import { fixAllKind, isRepairPlan, repairOnSave, repairRecords } from '../languageService/codeActions/repairRecords';
import { serverActions, type ServerCommandIds } from '../languageService/codeActions/serverActions';
import { documentSymbols } from '../languageService/documentSymbols';
import { hover, recordCard } from '../languageService/hover';
import { inlayHints } from '../languageService/inlayHints';
import type { Datasets } from './datasets';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';
import { withoutVersions } from './plainEdits';
import { makeRepair, sayWhatIsLeft } from './repairs';

export interface FeaturesDeps {
  readonly engine: Engine;
  readonly datasets: Datasets;
  readonly logger: Logger;
  /** The editor shows actions that cannot act, with their reason. */
  readonly disabledActions: () => boolean;
  /** The editor takes edits that name the version they are meant for. */
  readonly documentChanges: boolean;
  /** The editor asks for an action's edit when the action is chosen. */
  readonly laterEdits: boolean;
  /** Tells the person something that an action cannot. */
  readonly tell: (message: string) => Promise<void>;
  /** Commands that the server carries out, for an editor that has none of its own. */
  readonly serverCommands?: ServerCommandIds | undefined;
}

/** The standard requests: find the open file, ask the language service, answer nothing when there is nothing. */
export class Features {
  readonly #deps: FeaturesDeps;

  constructor(deps: FeaturesDeps) {
    this.#deps = deps;
  }

  /** Some editors ask for a whole file at once: the work is done in slices, and given up when the text changes meanwhile. */
  async inlayHints({ textDocument: { uri }, range }: InlayHintParams, token: CancellationToken): Promise<InlayHint[]> {
    const dataset = this.#dataset(uri);
    if (!dataset) return [];
    const { version, lineCount } = dataset;
    const from = range.start.line;
    const to = Math.min(range.end.line, lineCount - 1);
    if (to - from <= visibleAtMost) dataset.visible = { from, to };
    const pauses = new Pauses();
    const hints: InlayHint[] = [];
    for (let start = from; start <= to; start += slice) {
      hints.push(...inlayHints(dataset, start, Math.min(to, start + slice - 1)));
      await pauses.breathe();
      assertWanted(token, dataset, version);
    }
    return hints;
  }

  async hover(uri: string, line: number): Promise<Hover | undefined> {
    const dataset = this.#dataset(uri);
    if (!dataset) return undefined;
    const { version } = dataset;
    const reasons = await this.#reasons(dataset, line);
    return dataset.version === version ? hover(dataset, line, reasons) : undefined;
  }

  async recordCard(uri: string, line: number): Promise<{ markdown: string } | null> {
    const { dataset } = this.#deps.datasets.require(uri);
    const markdown = recordCard(dataset, line, await this.#reasons(dataset, line));
    return markdown === undefined ? null : { markdown };
  }

  /** Waits until every line has been read. Editors ask after every edit: the work is done in slices, and given up when the next edit comes. */
  async documentSymbols(uri: string, token: CancellationToken): Promise<DocumentSymbol[]> {
    const file = this.#deps.datasets.get(uri);
    if (!file) return [];
    await file.work.readAll();
    const { version } = file.dataset;
    const pauses = new Pauses();
    const symbols: DocumentSymbol[] = [];
    for (const symbol of documentSymbols(file.dataset)) {
      symbols.push(symbol);
      await pauses.breathe();
      assertWanted(token, file.dataset, version);
    }
    return symbols;
  }

  async codeActions({ textDocument: { uri }, range, context }: CodeActionParams, token: CancellationToken): Promise<CodeAction[]> {
    const dataset = this.#dataset(uri);
    if (!dataset) return [];
    // A selection that ends at the start of a line does not hold that line.
    const to = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
    const { serverCommands, disabledActions, laterEdits } = this.#deps;
    const own = serverCommands ? serverActions(dataset, range.start.line, to, serverCommands) : [];
    const onSave = context.only?.some((only) => fixAllKind.startsWith(only)) === true ? repairOnSave(dataset) : [];
    const repairs = dataset.page ? [] : [...repairRecords(dataset, range.start.line, to, context.diagnostics), ...onSave];
    const actions = [...repairs, ...own, ...codeActions(dataset, range.start.line, to)].filter(
      ({ kind, disabled }) => (!disabled || disabledActions()) && (!context.only || context.only.some((only) => only === '' || kind === only || kind?.startsWith(`${only}.`))),
    );
    return laterEdits ? actions.map((action) => this.#plain(action)) : Promise.all(actions.map((action) => this.#withEdit(action, token)));
  }

  /** Makes the edit of an action that has been chosen. */
  async resolveCodeAction(action: CodeAction, token: CancellationToken): Promise<CodeAction> {
    const data: unknown = action.data;
    if (action.edit !== undefined || !isRepairPlan(data)) return action;
    const { dataset } = this.#deps.datasets.require(data.uri);
    const repaired = await makeRepair(dataset, data, token);
    const left = action.kind === fixAllKind ? undefined : sayWhatIsLeft(repaired);
    if (left !== undefined) await this.#deps.tell(left);
    return this.#plain({ ...action, edit: repaired.edit });
  }

  async #withEdit(action: CodeAction, token: CancellationToken): Promise<CodeAction> {
    const data: unknown = action.data;
    const dataset = isRepairPlan(data) ? this.#dataset(data.uri) : undefined;
    if (!dataset || !isRepairPlan(data)) return this.#plain(action);
    const { edit } = await makeRepair(dataset, data, token);
    return this.#plain({ ...action, edit });
  }

  #plain(action: CodeAction): CodeAction {
    return action.edit && !this.#deps.documentChanges ? { ...action, edit: withoutVersions(action.edit) } : action;
  }

  #dataset(uri: string): OpenDataset | undefined {
    return this.#deps.datasets.get(uri)?.dataset;
  }

  /** Only for a reward that is there: nothing is computed because the pointer passes by. */
  async #reasons(dataset: OpenDataset, line: number): Promise<readonly RewardReason[]> {
    const exchange = dataset.record(line)?.exchanges[0];
    if (!exchange || dataset.measurement(exchange.key)?.reward?.value === undefined) return [];
    try {
      return (await this.#deps.engine.explainReward(scoreItem(exchange)))?.reasons ?? [];
    } catch (error) {
      this.#deps.logger.warn('A reward could not be explained', { reason: errorMessage(error) });
      return [];
    }
  }
}

/** @throws what the protocol wants to hear when nobody waits for the answer any more, or it would be about another text. */
function assertWanted(token: CancellationToken, dataset: OpenDataset, version: number): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
  if (dataset.version !== version) throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed meanwhile.');
}

/** Lines answered between two looks at the clock. */
const slice = 50;
/** A longer range is a whole file, not a screen. */
const visibleAtMost = 2000;
