import { TextDocumentEdit, type WorkspaceEdit } from 'vscode-languageserver';

/** The same edit for an editor that does not know `documentChanges`: without the version it was meant for. */
export function withoutVersions({ documentChanges, ...edit }: WorkspaceEdit): WorkspaceEdit {
  if (!documentChanges) return edit;
  const changes = { ...edit.changes };
  for (const change of documentChanges) {
    if (!TextDocumentEdit.is(change)) throw new Error('Only edits of a text can be written without versions.');
    const { uri } = change.textDocument;
    // Snippets and annotations are a later protocol's; this server makes plain edits.
    changes[uri] = [...(changes[uri] ?? []), ...change.edits.filter((one) => 'newText' in one)];
  }
  return { ...edit, changes };
}
