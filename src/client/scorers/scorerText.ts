import { errorMessage } from '../../base/errorMessage';
import { formatBytes } from '../../base/formatBytes';
import { parseLossModel, parseRewardModel } from '../../core/scores/scorerSpec';
import type { ModelDownload, ScorerKind } from '../../protocol/lsp';

/** A model's name as a person may see it: without the user and password of an address. */
export function shownModel(model: string): string {
  return model.replaceAll(/\/\/[^/@\s]*@/g, '//');
}

/** Why this text names no model of the kind; undefined when it does. */
export function modelComplaint(kind: ScorerKind, text: string): string | undefined {
  try {
    if (kind === 'loss') parseLossModel(text);
    else parseRewardModel(text);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

/** Why this text is no name on the hub; undefined when it is. */
export function hubNameComplaint(kind: ScorerKind, text: string): string | undefined {
  return modelComplaint(kind, text) ?? (/^[\w.-]+(\/[\w.-]+)?$/.test(text.trim()) ? undefined : 'A name as on huggingface.co: NAME or OWNER/NAME');
}

const shownFiles = 12;

/** What is asked before anything is fetched: a question, and what is behind it line by line. */
export function downloadQuestion({ name, files, bytes, present, revision, folder, licence }: ModelDownload): { readonly question: string; readonly detail: string } {
  const left = bytes - present;
  const size = present > 0 ? `${formatBytes(left)} of ${formatBytes(bytes)}, the rest is here` : formatBytes(bytes);
  const listed = files.slice(0, shownFiles).map((file) => `${file.path}  ${formatBytes(file.bytes)}`);
  return {
    question: `Download ${name} (${size})?`,
    detail: [
      ...listed,
      ...(files.length > shownFiles ? [`… and ${files.length - shownFiles} more files`] : []),
      '',
      `Revision ${revision.slice(0, 12)}, into ${folder}.`,
      licence === undefined ? 'What its licence allows stands on the page of the model.' : `Licence: ${licence}.`,
    ].join('\n'),
  };
}
