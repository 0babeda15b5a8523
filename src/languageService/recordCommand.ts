import type { Command } from 'vscode-languageserver-types';
import type { DatasetView, RecordCommands } from './datasetView';

/** A call of one of the editor's commands for records, or undefined when the editor has none. */
export function recordCommand(view: DatasetView, name: keyof RecordCommands, title: string, about: { readonly lines: readonly number[]; readonly teacher?: string | undefined }): Command | undefined {
  const id = view.settings.commands?.[name];
  if (id === undefined) return undefined;
  return { title, command: id, arguments: [{ uri: view.uri, lines: about.lines, ...(about.teacher !== undefined && { teacher: about.teacher }) }] };
}

/** The same call as a `command:` link of a Markdown text that trusts the named commands. */
export function commandLink(command: Command): string {
  const query = encodeURIComponent(JSON.stringify(command.arguments)).replaceAll(/[()]/g, (paren) => (paren === '(' ? '%28' : '%29'));
  return `[${command.title}](command:${command.command}?${query})`;
}
