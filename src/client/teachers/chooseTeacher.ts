import path from 'node:path';
import { commands, QuickPickItemKind, window, type Uri } from 'vscode';
import type { ProposalMode } from '../../core/proposals/proposal';
import type { TeacherChoice } from '../../protocol/lsp';
import { formatAmount } from '../../core/scores/format';
import { about } from '../figures';
import { lastFirst } from '../lastFirst';
import type { Choice, RememberedPick } from '../rememberedPick';
import type { LanguageServer } from '../languageServer';
import { endpointAddress } from './endpoint';
import { addFileTeacher, chooseTeacherFiles, teacherFilesBeside } from './fileTeachers';
import { endpointEntries } from './teacherSettings';

/** How much is about to be asked. */
export interface Workload {
  readonly records: number;
  /** Of prompts and responses as they are today. */
  readonly roughTokens: number;
}

interface TeacherItem extends Choice {
  /** The teacher's id, or undefined when the person left. */
  readonly choose: () => Promise<string | undefined>;
}

/** Asks which teacher is to answer; a file can be made one on the way. */
export class TeacherChooser {
  readonly #server: LanguageServer;
  readonly #pick: RememberedPick;

  constructor(server: LanguageServer, pick: RememberedPick) {
    this.#server = server;
    this.#pick = pick;
  }

  async choose(dataset: Uri, mode: ProposalMode, work: Workload): Promise<string | undefined> {
    const configured = await this.#server.request('cupel/teachers', { uri: dataset.toString() });
    const teachers = mode === 'refine' ? configured.filter(({ kind }) => kind === 'openai') : configured;
    const items: TeacherItem[] = teachers.map((teacher) => configuredItem(teacher, work));
    if (mode === 'regenerate') {
      for (const file of await teacherFilesBeside(dataset)) items.push(this.#besideItem(file, work));
    }
    const choices = [...lastFirst(items, this.#pick.last('teacher')), ...this.#otherWays(dataset, mode, items.length > 0)];
    const picked = await window.showQuickPick(choices, { title: title(mode, work), matchOnDescription: true });
    const id = await picked?.choose();
    if (id !== undefined) await this.#pick.remember('teacher', id);
    return id;
  }

  #besideItem(file: Uri, work: Workload): TeacherItem {
    return {
      id: file.toString(),
      label: `$(file) ${path.parse(file.fsPath).name}`,
      description: `teachers/${path.basename(file.fsPath)} · ${formatAmount(work.records, 'record')} · free`,
      detail: 'Beside this dataset; choosing it adds it to the teachers of this workspace',
      choose: () => addFileTeacher(file, this.#server),
    };
  }

  #otherWays(dataset: Uri, mode: ProposalMode, withSeparator: boolean): TeacherItem[] {
    const ways: TeacherItem[] = [];
    if (withSeparator) ways.push({ id: '', label: 'Other teachers', kind: QuickPickItemKind.Separator, choose: () => Promise.resolve(undefined) });
    if (mode === 'regenerate') {
      ways.push({
        id: 'chooseFile',
        label: '$(folder-opened) Choose a Teacher File…',
        description: 'another dataset with responses to the same instructions',
        choose: async () => {
          const [file] = await chooseTeacherFiles('Responses to the same instructions', false, dataset);
          return file && addFileTeacher(file, this.#server);
        },
      });
    }
    ways.push({
      id: 'openSettings',
      label: '$(gear) Open Settings',
      description: 'add an OpenAI-compatible endpoint: vLLM, Ollama, a hosted service',
      choose: async () => {
        await commands.executeCommand('workbench.action.openSettings', 'cupel.teachers');
        return undefined;
      },
    });
    return ways;
  }
}

function title(mode: ProposalMode, { records }: Workload): string {
  return mode === 'refine' ? `Refine ${formatAmount(records, 'response')} with` : `Regenerate ${formatAmount(records, 'response')} with`;
}

function configuredItem({ id, kind, description }: TeacherChoice, work: Workload): TeacherItem {
  const parts = [description, formatAmount(work.records, 'record')];
  if (kind === 'file') parts.push('free');
  else parts.push(`about ${about(work.roughTokens)} tokens`, isLocal(id) ? 'free' : 'may be charged');
  return { id, label: `$(${kind === 'file' ? 'file' : 'server'}) ${id}`, description: parts.join(' · '), choose: () => Promise.resolve(id) };
}

function isLocal(id: string): boolean {
  const entry = endpointEntries().find((endpoint) => endpoint.id === id);
  return entry !== undefined && endpointAddress(entry.baseUrl)?.local === true;
}
