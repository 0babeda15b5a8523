import type { ServerCapabilities } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Random } from './random';

export interface Question {
  readonly method: string;
  readonly params: unknown;
  /** Any error is a right answer: the question is not in its form, or is one that not every server knows. */
  readonly refusable?: boolean;
}

/** What an editor asks about a document, of what this server says it can do. */
export function question(random: Random, document: TextDocument, capabilities: ServerCapabilities): Question {
  const { uri } = document;
  const line = random.below(document.lineCount + 3);
  const position = { line, character: random.below(200) };
  const range = { start: { line, character: 0 }, end: { line: line + random.below(60), character: random.below(3) } };
  const at = { textDocument: { uri }, position };
  const lines = Array.from({ length: 1 + random.below(6) }, () => random.below(document.lineCount + 3));
  const known: (Question | false | undefined)[] = [
    { method: 'textDocument/inlayHint', params: { textDocument: { uri }, range } },
    { method: 'textDocument/hover', params: at },
    { method: 'textDocument/diagnostic', params: { textDocument: { uri } } },
    { method: 'textDocument/documentSymbol', params: { textDocument: { uri } } },
    { method: 'textDocument/codeAction', params: { textDocument: { uri }, range, context: { diagnostics: [] } } },
    { method: 'cupel/recordCard', params: { uri, line } },
    { method: 'cupel/proposals', params: { uri } },
    random.below(10) === 0 && { method: 'cupel/score', params: { uri, lines } },
    random.below(40) === 0 && { method: 'cupel/score', params: { uri } },
    random.below(20) === 0 && { method: 'cupel/scorers', params: {} },
    capabilities.definitionProvider && { method: 'textDocument/definition', params: at },
    capabilities.referencesProvider && { method: 'textDocument/references', params: { ...at, context: { includeDeclaration: random.below(2) === 0 } } },
    capabilities.documentHighlightProvider && { method: 'textDocument/documentHighlight', params: at },
    capabilities.selectionRangeProvider && { method: 'textDocument/selectionRange', params: { textDocument: { uri }, positions: [position, { line, character: 0 }] } },
    capabilities.foldingRangeProvider && { method: 'textDocument/foldingRange', params: { textDocument: { uri } } },
    capabilities.workspaceSymbolProvider && { method: 'workspace/symbol', params: { query: random.pick(['', 'say', 'why', '👩']) } },
    { method: 'cupel/recordDocument', params: { uri, line }, refusable: true },
    { method: 'cupel/cluster', params: { uri, line }, refusable: true },
    // Not in its form: answered with an error, and nothing else happens.
    random.below(10) === 0 && { method: random.pick(['textDocument/hover', 'cupel/recordCard', 'textDocument/inlayHint', 'cupel/unknown']), params: random.pick([{}, { textDocument: {} }, { uri: 3 }, { textDocument: { uri }, position: { line: -1, character: 1e12 } }]), refusable: true },
  ];
  return random.pick(known.filter((one): one is Question => typeof one === 'object'));
}
