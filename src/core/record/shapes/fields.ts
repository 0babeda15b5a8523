import type { JsonPath, RecordProblem, TextField, Turn } from '../conversation';
import { isList, isObject } from './shape';
import type { JsonObject } from './shape';

/** The first of `names` that the record has with a value; null counts as absent, as table exports write it. */
export function presentName(root: JsonObject, names: readonly string[]): string | undefined {
  return names.find((name) => root[name] !== undefined && root[name] !== null);
}

/** A text that a record may lack: absent and null are fine, anything else that is no string is reported. */
export function optionalText(value: unknown, path: JsonPath, problems: RecordProblem[]): TextField | undefined {
  return value === undefined || value === null ? undefined : requiredText(value, path, problems);
}

/** A text that stands there: null and every other non-string is reported; only an absent one is passed over. */
export function requiredText(value: unknown, path: JsonPath, problems: RecordProblem[]): TextField | undefined {
  if (typeof value === 'string') return { text: value, path };
  if (value !== undefined) {
    problems.push({ rule: 'not-text', message: `${fieldName(path)} must be a string; it is ${describeType(value)}.`, path });
  }
  return undefined;
}

/** `system` (or `system_prompt`) and `history: [[question, answer], …]`: what comes before an instruction. */
export function readPreamble(root: JsonObject, problems: RecordProblem[]): Turn[] {
  const turns: Turn[] = [];
  const systemName = presentName(root, ['system', 'system_prompt']);
  const system = systemName === undefined ? undefined : optionalText(root[systemName], [systemName], problems);
  if (system) turns.push({ role: 'system', ...system });
  const { history } = root;
  if (history === undefined || history === null) return turns;
  if (!isList(history)) {
    problems.push({ rule: 'not-text', message: `\`history\` must be a list of [question, answer] pairs; it is ${describeType(history)}.`, path: ['history'] });
    return turns;
  }
  history.forEach((pair, index) => {
    if (!isList(pair) || pair.length !== 2) {
      problems.push({ rule: 'not-text', message: `\`history[${index}]\` must be a pair: [question, answer].`, path: ['history', index] });
      return;
    }
    const question = requiredText(pair[0], ['history', index, 0], problems);
    const answer = requiredText(pair[1], ['history', index, 1], problems);
    if (question) turns.push({ role: 'user', ...question });
    if (answer) turns.push({ role: 'assistant', ...answer });
  });
  return turns;
}

/** The question in one field and, where a shape has it, its material in a second. */
export function readQuestion(root: JsonObject, names: { readonly instruction: string; readonly input?: string }, problems: RecordProblem[]): Turn[] {
  const turns: Turn[] = [];
  const instruction = requiredText(root[names.instruction], [names.instruction], problems);
  if (instruction) turns.push({ role: 'user', part: 'instruction', ...instruction });
  const input = names.input === undefined ? undefined : optionalText(root[names.input], [names.input], problems);
  if (input) turns.push({ role: 'user', part: 'input', ...input });
  return turns;
}

/** `conversations[1].value`, in backquotes; the name of a field that a dataset chose freely never gets here. */
export function fieldName(path: JsonPath): string {
  return `\`${path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')}\``;
}

/** A name or role of a dataset's own choosing, quoted and cut so that a message stays one short line. */
export function quoteShort(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** `a list`, `true or false`, `missing`. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isObject(value)) return 'an object';
  switch (typeof value) {
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a string';
    default:
      return 'missing';
  }
}
