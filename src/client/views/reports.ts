import { commands, extensions, window, workspace, type Disposable } from 'vscode';
import { VirtualDocuments } from './virtualDocuments';

/** Shows what a command found: Markdown rendered to read, JSON as a new file to keep. */
export class Reports implements Disposable {
  readonly #documents = new VirtualDocuments('cupel-report');

  /** `name` is the tab's name, without an ending. */
  async show(name: string, markdown: string): Promise<void> {
    const uri = this.#documents.put(`/${name.replaceAll(/[/\\?#]/gu, ' ')}.md`, markdown);
    // The preview's command is listed only once its extension runs; calling it starts that extension.
    if (extensions.getExtension('vscode.markdown-language-features')) await commands.executeCommand('markdown.showPreview', uri);
    else await window.showTextDocument(uri, { preview: false });
  }

  async openJson(json: string): Promise<void> {
    await window.showTextDocument(await workspace.openTextDocument({ language: 'json', content: json }), { preview: false });
  }

  dispose(): void {
    this.#documents.dispose();
  }
}
