import path from 'node:path';
import { QuickPickItemKind, window, workspace, type QuickPickItem, type Uri } from 'vscode';
import type { TeacherSource } from '../../core/teachers/teacherSource';
import { rankArguments, readArgument } from '../commandArguments';
import { datasetLanguage } from '../languageClient';
import { formatAmount } from '../../core/scores/format';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { LanguageServer } from '../languageServer';
import { chooseTeacherFiles, teacherFilesBeside } from '../teachers/fileTeachers';
import { teacherEntries } from '../teachers/teacherSettings';
import type { Reports } from '../views/reports';
import type { Command } from './command';

interface SourceItem extends QuickPickItem {
  readonly source?: TeacherSource;
}

/** Teachers' files compared by CAR for the chosen base model, on the instructions that all of them answered. */
export function rankTeachers(server: LanguageServer, operations: Operations, reports: Reports, messages: Messages): Command {
  return {
    id: 'cupel.rankTeachers',
    failure: 'The teachers could not be ranked',
    async run(argument) {
      const sources = readArgument(rankArguments, argument)?.sources ?? (await chooseSources(server));
      if (!sources) return undefined;
      const ranking = await operations.run(`Ranking ${formatAmount(sources.length, 'teacher')}`, 'cupel/rankTeachers', { sources });
      if (!ranking) return undefined;
      await reports.show('Rank of teachers', ranking.markdown);
      messages.info('Teachers ranked. The same as JSON, to keep or to compare:', { 'Open JSON': () => reports.openJson(ranking.json) });
      return ranking;
    },
  };
}

/** Undefined when the person leaves. */
async function chooseSources(server: LanguageServer): Promise<readonly TeacherSource[] | undefined> {
  const dataset = openDataset();
  const known = await knownSources(dataset, server);
  const chooseFiles: SourceItem = { label: '$(folder-opened) Choose Files…', description: 'other datasets with responses to the same instructions', alwaysShow: true };
  if (known.length === 0) return named((await chooseTeacherFiles('Teachers to Rank', true, dataset)).map(sourceOf));
  const picked = await window.showQuickPick([...known, { label: '', kind: QuickPickItemKind.Separator }, chooseFiles], {
    title: 'Rank which teachers? Only instructions that all of them answered are compared',
    canPickMany: true,
    matchOnDescription: true,
  });
  if (!picked || picked.length === 0) return undefined;
  const more = picked.includes(chooseFiles) ? await chooseTeacherFiles('Teachers to Rank', true, dataset) : [];
  const sources = [...picked.flatMap(({ source }) => source ?? []), ...more.map(sourceOf)];
  return named(sources);
}

/** The active dataset, else one that is open behind a report or a review. */
function openDataset(): Uri | undefined {
  const active = window.activeTextEditor?.document;
  const documents = active ? [active, ...workspace.textDocuments] : workspace.textDocuments;
  return documents.find(({ languageId, uri }) => languageId === datasetLanguage && uri.scheme === 'file')?.uri;
}

async function knownSources(dataset: Uri | undefined, server: LanguageServer): Promise<SourceItem[]> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const files = teacherEntries().flatMap((entry) => (entry.kind === 'file' ? [{ name: entry.id, path: path.resolve(folder, entry.path) }] : []));
  const beside = dataset ? (await teacherFilesBeside(dataset)).map(sourceOf) : [];
  const items: SourceItem[] = [...files, ...beside].map((source) => ({ label: source.name, description: workspace.asRelativePath(source.path), picked: true, source }));
  if (!dataset) return items;
  items.push({ label: sourceOf(dataset).name, description: 'the responses of the open dataset', source: sourceOf(dataset) });
  return [...items, ...(await proposingTeachers(dataset, server))];
}

/** Endpoints are compared by what they have already proposed for the dataset: ranking asks nobody anything. */
async function proposingTeachers(dataset: Uri, server: LanguageServer): Promise<SourceItem[]> {
  const proposals = await server.request('cupel/proposals', { uri: dataset.toString() });
  const endpoints = teacherEntries().flatMap((entry) => (entry.kind === 'openai' ? [entry.id] : []));
  return endpoints.flatMap((id) => {
    const answers = proposals.filter(({ teacher, status }) => teacher === id && status !== 'failed').length;
    return answers === 0 ? [] : [{ label: id, description: `${formatAmount(answers, 'response')} proposed for the open dataset`, source: { name: id, path: dataset.fsPath, proposedBy: id } }];
  });
}

function sourceOf(file: Uri): TeacherSource {
  return { name: path.parse(file.fsPath).name, path: file.fsPath };
}

/** Files of one stem get their folder's name before it: names tell teachers apart. */
function named(sources: readonly TeacherSource[]): readonly TeacherSource[] | undefined {
  if (sources.length === 0) return undefined;
  return sources.map((source) => {
    const alone = sources.filter(({ name }) => name === source.name).length === 1;
    return alone ? source : { ...source, name: `${path.basename(path.dirname(source.path))}/${source.name}` };
  });
}
