import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type StateStack } from 'vscode-textmate';

export interface Token {
  readonly text: string;
  /** From the outside in, without the file's own. */
  readonly scopes: readonly string[];
}

const grammars: Readonly<Record<string, string>> = {
  // VS Code's own, MIT: see the folder's README.
  'source.json.lines': fileURLToPath(new URL('../../fixtures/syntaxes/JSONL.tmLanguage.json', import.meta.url)),
  'cupel.injection': fileURLToPath(new URL('../../../syntaxes/cupel.injection.json', import.meta.url)),
};

/** VS Code's grammar of JSON Lines, as VS Code itself reads it; with or without Cupel's injection. */
export async function loadGrammar({ injected }: { readonly injected: boolean }): Promise<IGrammar> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (sources) => oniguruma.createOnigScanner(sources), createOnigString: (text) => oniguruma.createOnigString(text) }),
    loadGrammar: async (scope) => {
      const file = grammars[scope];
      return file === undefined ? null : textmate.parseRawGrammar(await readFile(file, 'utf8'), file);
    },
    getInjections: (scope) => (injected && scope === 'source.json.lines' ? ['cupel.injection'] : []),
  });
  const grammar = await registry.loadGrammar('source.json.lines');
  if (!grammar) throw new Error('The grammar of JSON Lines could not be loaded.');
  return grammar;
}

/** The tokens of each line; what one line leaves open reaches the next, as in the editor. */
export function tokenizeLines(grammar: IGrammar, lines: readonly string[]): Token[][] {
  let state: StateStack = textmate.INITIAL;
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes: scopes.slice(1) })).filter(({ text }) => text !== '');
  });
}

/** A role or `score` where a token plays one. */
export function roleOf({ scopes }: Token): string | undefined {
  for (const scope of scopes.toReversed()) {
    const role = /\.(instruction|input|response|system|score)\.cupel$/.exec(scope)?.[1];
    if (role !== undefined) return role;
  }
  return undefined;
}
