import type { DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import { shapeTitle } from '../core/record/shapes/shapes';
import { formatCount } from '../core/scores/format';
import type { DatasetView } from './datasetView';

/** An outline of more entries helps nobody and is sent again after every edit. */
const maximumSymbols = 10_000;

const object = 19 satisfies SymbolKind;

/** Each record read so far by its instruction's first words; past the limit one last entry counts the rest. One by one, so that others get a turn. */
export function* documentSymbols(view: DatasetView, limit = maximumSymbols): Generator<DocumentSymbol> {
  let count = 0;
  for (let line = 0; line < view.lineCount; line++) {
    const summary = view.summary(line);
    if (summary?.status !== 'ok') continue;
    if (count++ === limit) {
      yield symbol(view, line, `… ${formatCount(view.recordCount - limit)} more records`, '');
      return;
    }
    yield symbol(view, line, summary.title === '' ? '(no instruction)' : summary.title, shapeTitle(summary.shape));
  }
}

function symbol(view: DatasetView, line: number, name: string, detail: string): DocumentSymbol {
  const range = { start: { line, character: 0 }, end: { line, character: view.lineText(line).length } };
  return { name, detail, kind: object, range, selectionRange: { start: range.start, end: range.start } };
}
