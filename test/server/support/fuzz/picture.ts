import type { CodeAction, Diagnostic, InlayHint } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ServerProcess } from '../serverProcess';

/** All that the server says about a document, with the document's own name taken out, so that two of the same text can be compared. */
export async function pictureOf({ connection, statuses, initialized: { capabilities } }: ServerProcess, document: TextDocument, sampled: readonly number[]): Promise<ReadonlyMap<string, string>> {
  const { uri } = document;
  const textDocument = { uri };
  const picture = new Map<string, string>();
  const names = [uri, encodeURIComponent(uri), encodeURIComponent(encodeURIComponent(uri))];
  const put = (name: string, value: unknown) => {
    let text = JSON.stringify(value ?? null).replaceAll(/"version":\d+/g, '"version":0');
    for (const own of names) text = text.replaceAll(own, 'URI');
    picture.set(name, text);
  };
  put('symbols', await connection.sendRequest('textDocument/documentSymbol', { textDocument }));
  const end = { line: document.lineCount, character: 0 };
  const hints = await connection.sendRequest<InlayHint[]>('textDocument/inlayHint', { textDocument, range: { start: { line: 0, character: 0 }, end } });
  for (const { position, label } of hints) put(`badge ${position.line}`, typeof label === 'string' ? label : label.map(({ value }) => value).join(''));
  const { items } = await connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', { textDocument });
  put('diagnostics', items);
  for (const line of sampled) {
    const at = { textDocument, position: { line, character: 5 } };
    put(`hover ${line}`, await connection.sendRequest('textDocument/hover', at));
    const actions = await connection.sendRequest<CodeAction[] | null>('textDocument/codeAction', { textDocument, range: { start: at.position, end: at.position }, context: { diagnostics: [] } });
    put(`actions ${line}`, actions?.map(({ title, edit }) => ({ title, edit })));
    if (capabilities.definitionProvider) put(`definition ${line}`, await connection.sendRequest('textDocument/definition', at));
    if (capabilities.referencesProvider) put(`references ${line}`, await connection.sendRequest('textDocument/references', { ...at, context: { includeDeclaration: true } }));
    if (capabilities.selectionRangeProvider) put(`selection ${line}`, await connection.sendRequest('textDocument/selectionRange', { textDocument, positions: [at.position] }));
  }
  const status = statuses.get(uri);
  put('status', status && { ...status, running: undefined });
  return picture;
}

/**
 * What differs, a few of it, each with both sides; empty when nothing does. A record whose response an edit took away
 * shows its last scores, marked stale, for good: a fresh reading cannot know them, and such lines are left out.
 */
export function differences(kept: ReadonlyMap<string, string>, fresh: ReadonlyMap<string, string>): readonly string[] {
  const names = [...new Set([...kept.keys(), ...fresh.keys()])].filter((name) => kept.get(name) !== fresh.get(name) && !kept.get(name.replace('hover', 'badge'))?.includes('~'));
  return names.slice(0, 5).map((name) => {
    const [one, other] = [kept.get(name) ?? 'nothing', fresh.get(name) ?? 'nothing'];
    let at = 0;
    while (at < one.length && one[at] === other[at]) at += 1;
    const from = Math.max(0, at - 60);
    return `${name}: kept …${one.slice(from, at + 140)}… but a fresh reading gives …${other.slice(from, at + 140)}…`;
  });
}
