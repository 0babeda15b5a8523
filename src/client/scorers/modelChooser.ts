import { commands, QuickPickItemKind, window } from 'vscode';
import type { ScorerEntry, ScorerKind } from '../../protocol/lsp';
import { lastFirst } from '../lastFirst';
import type { LanguageServer } from '../languageServer';
import type { Choice, RememberedPick } from '../rememberedPick';
import { askForServer } from './serverInput';
import { hubNameComplaint, shownModel } from './scorerText';

interface ModelItem extends Choice {
  /** The model as the settings name it, or undefined when the person left. */
  readonly choose: () => Promise<string | undefined>;
}

/** Asks which model is to measure: what is there, and the ways to name another one. */
export class ModelChooser {
  readonly #server: LanguageServer;
  readonly #pick: RememberedPick;

  constructor(server: LanguageServer, pick: RememberedPick) {
    this.#server = server;
    this.#pick = pick;
  }

  async choose(kind: ScorerKind): Promise<string | undefined> {
    const title = kind === 'loss' ? 'What measures losses (IFD, IC-IFD, CAR)?' : 'What judges responses (reward, CAR)?';
    // The box shows at once; listing may have to read models.
    const picked = await window.showQuickPick(this.#items(kind), { title, matchOnDescription: true });
    const model = await picked?.choose();
    if (model !== undefined) await this.#pick.remember(question(kind), model);
    return model;
  }

  async #items(kind: ScorerKind): Promise<ModelItem[]> {
    const report = await this.#server.request('cupel/scorers', {});
    const separator: ModelItem = { id: '', label: 'Other models', kind: QuickPickItemKind.Separator, choose: () => Promise.resolve(undefined) };
    return [...lastFirst(report[kind].map(entryItem), this.#pick.last(question(kind))), separator, ...this.#otherWays(kind)];
  }

  #otherWays(kind: ScorerKind): ModelItem[] {
    const ways: ModelItem[] = [
      { id: 'folder', label: '$(folder-opened) A Folder…', description: 'a checkpoint on this machine', choose: () => chooseFolder(kind) },
      { id: 'hub', label: '$(cloud-download) A Model of the Hugging Face Hub…', description: 'from its cache, or downloaded after you agree', choose: () => askForHubName(kind) },
      { id: 'server', label: `$(server) A ${kind === 'loss' ? 'vLLM, SGLang or TGI' : 'vLLM, SGLang or TEI'} Server…`, description: 'records are sent there', choose: () => askForServer(kind, this.#pick) },
    ];
    if (kind === 'reward') ways.push({ id: 'judge', label: '$(law) A Judge…', description: 'add a chat endpoint to the teachers, then choose it here', choose: openTeachers });
    return ways;
  }
}

function question(kind: ScorerKind): string {
  return `${kind}Model`;
}

function entryItem({ model, active, id, estimate, detail, problem }: ScorerEntry): ModelItem {
  const label = shownModel(model);
  const about = [active ? 'in use' : undefined, estimate ? 'estimate' : undefined, id === label ? undefined : id].filter((part) => part !== undefined);
  const second = problem ?? detail;
  return { id: model, label, description: about.join(' · '), ...(second !== undefined && { detail: second }), choose: () => Promise.resolve(model) };
}

async function chooseFolder(kind: ScorerKind): Promise<string | undefined> {
  const needs = kind === 'loss' ? 'language model' : 'reward model with one label';
  const folders = await window.showOpenDialog({ title: `Folder of a ${needs}: config.json, a tokenizer, and safetensors or model.onnx`, openLabel: 'Use', canSelectFiles: false, canSelectFolders: true });
  return folders?.[0]?.fsPath;
}

async function askForHubName(kind: ScorerKind): Promise<string | undefined> {
  const name = await window.showInputBox({
    title: 'A model of the Hugging Face hub',
    prompt: 'Its name, such as gpt2 or Qwen/Qwen2.5-0.5B. Nothing is downloaded before you agree.',
    ignoreFocusOut: true,
    validateInput: (text) => hubNameComplaint(kind, text),
  });
  return name?.trim();
}

async function openTeachers(): Promise<undefined> {
  await commands.executeCommand('workbench.action.openSettings', 'cupel.teachers');
  return undefined;
}
