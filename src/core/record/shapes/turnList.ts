import type { JsonPath, RecordProblem, Role, TextField, Turn } from '../conversation';
import { describeType, fieldName, quoteShort, requiredText } from './fields';
import { isList, isObject, singleResponse } from './shape';
import type { JsonObject, Reading } from './shape';

const roles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['model', 'assistant'],
  ['function_call', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['observation', 'tool'],
]);

/** One element of a list of turns. */
interface Message {
  /** Undefined for a role that nobody knows. */
  readonly role: Role | undefined;
  /** None for a call of a tool; several for a content list with several texts. */
  readonly texts: readonly TextField[];
  readonly path: JsonPath;
}

/** A conversation written as a list. */
export interface TurnList {
  readonly turns: readonly Turn[];
  /** The turns before the response. Equals `turns` when the list does not end with an assistant's text. */
  readonly prompt: readonly Turn[];
  /** The last text, if it is the assistant's. Of several text parts in the last message the last one; those before it count to the prompt. */
  readonly response?: TextField;
  /** Of the last element; undefined for an empty list and for a role that nobody knows. */
  readonly lastRole: Role | undefined;
}

/**
 * Reads `[{role, content}, …]`, `[{from, value}, …]` and `[{human, assistant}, …]`.
 * A content is a string or a list of parts, of which those of type `text` are read.
 * A list that `continues` answers a user's turn which stands elsewhere.
 */
export function readTurnList(list: readonly unknown[], path: JsonPath, problems: RecordProblem[], place: 'begins' | 'continues' = 'begins'): TurnList {
  const messages = list.flatMap((element, index) => readElement(element, [...path, index], problems));
  checkRoleOrder(messages, place === 'begins' ? undefined : 'user', problems);
  return arrangeTurns(messages);
}

function arrangeTurns(messages: readonly Message[]): TurnList {
  const turns = messages.flatMap(({ role, texts }) => (role === undefined ? [] : texts.map((field): Turn => ({ role, ...field }))));
  const last = messages.at(-1);
  const response = last?.role === 'assistant' ? last.texts.at(-1) : undefined;
  if (response === undefined) return { turns, prompt: turns, lastRole: last?.role };
  return { turns, prompt: turns.slice(0, -1), response, lastRole: 'assistant' };
}

/** A single turn that stands outside a list: LLaMA-Factory's `chosen: {from, value}`. */
export function readLoneTurn(turn: JsonObject, path: JsonPath, problems: RecordProblem[]): TurnList {
  return arrangeTurns(readElement(turn, path, problems));
}

/** The reading of a shape whose response is the last text of a list, and why there is none. */
export function endOfList({ prompt, response, lastRole }: TurnList, before: readonly Turn[], path: JsonPath, problems: RecordProblem[]): Reading {
  if (response === undefined && lastRole === 'assistant') {
    problems.push({ rule: 'no-response', message: 'The last turn of the assistant holds no text, such as a call of a tool alone: there is no response to score.', path });
  } else if (response === undefined && lastRole !== undefined) {
    problems.push({ rule: 'no-response', message: `The conversation ends with a ${lastRole} turn: the assistant's answer is missing.`, path });
  }
  return singleResponse([...before, ...prompt], response);
}

function readElement(element: unknown, path: JsonPath, problems: RecordProblem[]): Message[] {
  if (!isObject(element)) {
    problems.push({ rule: 'not-text', message: `${fieldName(path)} must be an object with a role and a text; it is ${describeType(element)}.`, path });
    return [{ role: undefined, texts: [], path }];
  }
  if (element.role === undefined && element.from === undefined && (element.human !== undefined || element.assistant !== undefined)) {
    return (['human', 'assistant'] as const).flatMap((name): Message[] => {
      const text = requiredText(element[name], [...path, name], problems);
      return text ? [{ role: name === 'human' ? 'user' : 'assistant', texts: [text], path: [...path, name] }] : [];
    });
  }
  return [{ role: readRole(element, path, problems), texts: readContent(element, path, problems), path }];
}

function readRole(element: JsonObject, path: JsonPath, problems: RecordProblem[]): Role | undefined {
  const name = element.role !== undefined ? 'role' : 'from';
  const written = element[name];
  const role = typeof written === 'string' ? roles.get(written) : undefined;
  if (role !== undefined) return role;
  const rolePath = [...path, name];
  problems.push({
    rule: 'unknown-role',
    message:
      typeof written === 'string'
        ? `The role ${quoteShort(written)} is unknown: write system, user, assistant or tool (ShareGPT: human, gpt, function_call, observation).`
        : `${fieldName(rolePath)} must name a role; it is ${describeType(written)}.`,
    path: written === undefined ? path : rolePath,
  });
  return undefined;
}

function readContent(element: JsonObject, path: JsonPath, problems: RecordProblem[]): TextField[] {
  const name = element.content !== undefined ? 'content' : element.value !== undefined ? 'value' : undefined;
  const callsTool = element.tool_calls !== undefined || element.function_call !== undefined;
  const content = name === undefined ? undefined : element[name];
  if (callsTool && (content === undefined || content === null || content === '')) return [];
  if (name === undefined) {
    problems.push({ rule: 'not-text', message: `${fieldName(path)} has no text: add \`content\` (ShareGPT: \`value\`).`, path });
    return [];
  }
  if (!isList(content)) {
    const text = requiredText(content, [...path, name], problems);
    return text ? [text] : [];
  }
  return content.flatMap((part, index) => {
    const text = readPart(part, [...path, name, index], problems);
    return text ? [text] : [];
  });
}

/** `{type: 'text', text}`, LLaMA-Factory v1's `{type: 'text', value}`, or a bare string; images, calls and reasoning hold no turn's text. */
function readPart(part: unknown, path: JsonPath, problems: RecordProblem[]): TextField | undefined {
  if (!isObject(part)) return requiredText(part, path, problems);
  if (part.type !== undefined && part.type !== 'text' && part.type !== 'input_text' && part.type !== 'output_text') return undefined;
  const name = part.text === undefined && part.value !== undefined ? 'value' : 'text';
  if (part[name] !== undefined) return requiredText(part[name], [...path, name], problems);
  problems.push({ rule: 'not-text', message: `${fieldName(path)} is a text part without \`text\`.`, path });
  return undefined;
}

function checkRoleOrder(messages: readonly Message[], before: Role | undefined, problems: RecordProblem[]): void {
  let previous = before;
  for (const { role, path } of messages) {
    if (role === undefined) continue;
    const complaint = orderComplaint(previous, role);
    if (complaint !== undefined) problems.push({ rule: 'role-order', message: complaint, path });
    previous = role;
  }
}

function orderComplaint(previous: Role | undefined, role: Role): string | undefined {
  if (role === 'system') return previous === undefined || previous === 'system' ? undefined : 'A system turn stands after the conversation began: move it to the start.';
  if (previous === undefined || previous === 'system') {
    return role === 'user' ? undefined : `The conversation begins with the ${role}: a user's turn must come first.`;
  }
  if (role === previous && role !== 'tool') return `Two ${role} turns in a row: join them, or add the turn that is missing between them.`;
  return undefined;
}
