import { commands, window } from 'vscode';
import { errorMessage } from '../../base/errorMessage';
import type { ScorerCheck, ScorerKind } from '../../protocol/lsp';
import { datasetLanguage } from '../languageClient';
import type { LanguageServer } from '../languageServer';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { ScorerChecks } from './scorerChecks';
import { writeScorer } from './scorerSetting';
import { downloadQuestion, shownModel } from './scorerText';

export interface ScorerModelsPorts {
  readonly server: LanguageServer;
  readonly operations: Operations;
  readonly messages: Messages;
  readonly checks: ScorerChecks;
}

/** Trying, fetching and taking up models. Each resolves with undefined when the person cancelled or declined. */
export class ScorerModels {
  readonly #ports: ScorerModelsPorts;

  constructor(ports: ScorerModelsPorts) {
    this.#ports = ports;
  }

  /** Loads the model or asks the server for one known text; what came of it is kept for the view. */
  async check(kind: ScorerKind, model: string): Promise<ScorerCheck | undefined> {
    const { operations, checks } = this.#ports;
    const check = await operations.run(`Trying ${shownModel(model)}`, 'cupel/checkScorer', { kind, model });
    if (check) checks.add(kind, model, check);
    return check;
  }

  /** Makes the model the one in use once it has shown that it can score. What is missing is fetched if the person wants it. */
  async use(kind: ScorerKind, model: string): Promise<ScorerCheck | undefined> {
    const first = await this.check(kind, model);
    const check = first?.ok === false && first.download !== undefined ? await this.#checkDownloaded(kind, model, first.reason, first.download) : first;
    if (check?.ok === true) await this.#takeUp(kind, model, check.id);
    else if (check) this.#offerAnyway(kind, model, check.reason);
    return check;
  }

  /** @returns the folder that holds the model now */
  async download(name: string): Promise<string | undefined> {
    if (!(await this.#agreesToDownload(name))) return undefined;
    const folder = await this.#fetch(name);
    if (folder === undefined) return undefined;
    // What was found missing may be there now.
    this.#ports.checks.clear();
    this.#ports.messages.info(`${name} is on this machine now.`);
    return folder;
  }

  /** Where the hub cannot be asked, that is told together with the reason why the model cannot score. */
  async #checkDownloaded(kind: ScorerKind, model: string, reason: string, name: string): Promise<ScorerCheck | undefined> {
    let agreed: boolean;
    try {
      agreed = await this.#agreesToDownload(name);
    } catch (error) {
      return { ok: false, reason: `${reason} The hub could not be asked: ${errorMessage(error)}` };
    }
    return agreed && (await this.#fetch(name)) !== undefined ? this.check(kind, model) : undefined;
  }

  /** Nothing is fetched before the person has seen what and how much. */
  async #agreesToDownload(name: string): Promise<boolean> {
    const plan = await this.#ports.operations.run(`Asking the hub about ${name}`, 'cupel/planModelDownload', { name });
    if (!plan) return false;
    const { question, detail } = downloadQuestion(plan);
    const download = 'Download';
    return (await window.showInformationMessage(question, { modal: true, detail }, download)) === download;
  }

  async #fetch(name: string): Promise<string | undefined> {
    const { operations, messages } = this.#ports;
    const fetched = await operations.run(`Downloading ${name}`, 'cupel/downloadModel', { name });
    if (!fetched) messages.info(`The download of ${name} was cancelled. What came so far is kept, and the next download goes on from there.`);
    return fetched?.folder;
  }

  #offerAnyway(kind: ScorerKind, model: string, reason: string): void {
    this.#ports.messages.warning(`${shownModel(model)} cannot score now: ${reason}`, { 'Use It Anyway': () => this.#takeUp(kind, model, shownModel(model)) });
  }

  async #takeUp(kind: ScorerKind, model: string, id: string): Promise<void> {
    const { server, messages } = this.#ports;
    await writeScorer(kind, model);
    await server.settingsChanged();
    const measured = kind === 'loss' ? 'Losses are' : 'Rewards are';
    const score = window.activeTextEditor?.document.languageId === datasetLanguage ? { 'Score Dataset': () => commands.executeCommand('cupel.scoreDataset') } : {};
    messages.info(`${measured} measured by ${id} from now on. What other models measured is kept apart and comes back with them.`, score);
  }
}
