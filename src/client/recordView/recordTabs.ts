import { Position, Range, Selection, TabInputText, TextEditorRevealType, window, type Tab, type TextDocument, type TextEditor, type Uri } from 'vscode';

/** The tab that shows a document as text. */
export function tabOf(uri: Uri): Tab | undefined {
  const address = uri.toString();
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ input }) => input instanceof TabInputText && input.uri.toString() === address);
}

/** Shows another document in a tab's place. A tab that is to be kept, or that the person has pinned, stays open beside it. */
export async function replaceTab(tab: Tab, uri: Uri, { preserveFocus, keep }: { readonly preserveFocus: boolean; readonly keep: boolean }): Promise<void> {
  const left = tab.input instanceof TabInputText ? tab.input.uri : undefined;
  await window.showTextDocument(uri, { viewColumn: tab.group.viewColumn, preserveFocus, preview: true });
  if (keep || left === undefined || left.toString() === uri.toString()) return;
  // VS Code may have made the tab's object anew.
  const still = tabOf(left);
  if (still && !still.isDirty && !still.isPinned) await window.tabGroups.close(still, true);
}

/** Puts the cursor at the start of a line and brings it into view. */
export function goToLine(editor: TextEditor, line: number): void {
  const start = new Position(line, 0);
  editor.selection = new Selection(start, start);
  editor.revealRange(new Range(start, start), TextEditorRevealType.InCenterIfOutsideViewport);
}

export function editorsOf(document: TextDocument): readonly TextEditor[] {
  return window.visibleTextEditors.filter((editor) => editor.document === document);
}
