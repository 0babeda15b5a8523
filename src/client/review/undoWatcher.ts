import { TextDocumentChangeReason, workspace, type Disposable, type TextDocument, type TextDocumentChangeEvent } from 'vscode';

export interface AcceptedLine {
  readonly id: string;
  readonly uri: string;
  /** The record's line as it was and as it became. */
  readonly before: string;
  readonly after: string;
}

/** Notices when the person takes an accepted proposal back with Undo, or brings it again with Redo. */
export class UndoWatcher implements Disposable {
  readonly #accepted: AcceptedLine[] = [];
  readonly #listener: Disposable;

  constructor(onTurned: (accepted: AcceptedLine, status: 'pending' | 'accepted') => void) {
    this.#listener = workspace.onDidChangeTextDocument((event) => {
      for (const accepted of this.#accepted) {
        const status = statusAfter(event, accepted);
        if (status) onTurned(accepted, status);
      }
    });
  }

  watch(accepted: AcceptedLine): void {
    this.#accepted.push(accepted);
  }

  dispose(): void {
    this.#listener.dispose();
  }
}

function statusAfter({ document, reason, contentChanges }: TextDocumentChangeEvent, { uri, before, after }: AcceptedLine): 'pending' | 'accepted' | undefined {
  if (reason === undefined || document.uri.toString() !== uri) return undefined;
  const wanted = reason === TextDocumentChangeReason.Undo ? before : after;
  const touched = contentChanges.some(({ range }) => lineText(document, range.start.line) === wanted);
  if (!touched) return undefined;
  return reason === TextDocumentChangeReason.Undo ? 'pending' : 'accepted';
}

function lineText(document: TextDocument, line: number): string | undefined {
  return line < document.lineCount ? document.lineAt(line).text : undefined;
}
