import type { Location } from 'vscode-languageserver-types';
import { textPlaces } from '../core/record/textPlaces';
import { parseLine } from '../core/record/parseRecord';
import type { DatasetView } from './datasetView';

/** Characters of the instruction that a list of references shows as the match. */
const shownCharacters = 60;

/** The start of what the user says in the record on a line: what tells records apart in a list. The start of the line where there is nothing. */
export function recordLocation(view: DatasetView, line: number): Location {
  const text = view.lineText(line);
  const parsed = parseLine(text);
  const turn = parsed.status === 'ok' ? parsed.record.prompt.find(({ role, text: said }) => role === 'user' && said.trim() !== '') : undefined;
  const place = turn && textPlaces(text, turn.path);
  const { start, end } = turn && place ? place(0, Math.min(shownCharacters, turn.text.length)) : { start: 0, end: 0 };
  return { uri: view.uri, range: { start: { line, character: start }, end: { line, character: end } } };
}
