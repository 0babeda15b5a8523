import type { JsonPath, RecordProblem, TextField, Turn } from '../conversation';
import { presentName, readPreamble, readQuestion, requiredText } from './fields';
import { readPrompt } from './promptCompletion';
import { isList, isObject } from './shape';
import type { Candidate, JsonObject, Reading, Shape } from './shape';
import { endOfList, readLoneTurn, readTurnList } from './turnList';

/** The names under which datasets keep the better and the worse response. */
const spellings: readonly (readonly [chosen: string, rejected: string])[] = [
  ['chosen', 'rejected'],
  ['preferred_output', 'non_preferred_output'],
  ['chosen_response', 'rejected_response'],
  ['chosen_messages', 'rejected_messages'],
  ['chosen_conversations', 'rejected_conversations'],
  ['response', 'rejected_response'],
];

/**
 * A better and a worse response: strings, single turns, lists of messages that answer a prompt, or whole conversations
 * (TRL explicit and implicit, LLaMA-Factory, OpenAI, axolotl, torchtune).
 */
export const preference: Shape = {
  id: 'preference',
  title: 'preference',
  matches: (root) => findSpelling(root) !== undefined || answersAndRejects(root),
  read(root, problems) {
    if (answersAndRejects(root)) return readRejection(root, problems);
    const [chosen, rejected] = findSpelling(root) ?? ['chosen', 'rejected'];
    const prompt = readSharedPrompt(root, problems);
    const candidates = [...readCandidate(root, { name: 'chosen', field: chosen }, prompt, problems), ...readCandidate(root, { name: 'rejected', field: rejected }, prompt, problems)];
    return { prompt, candidates };
  },
};

function findSpelling(root: JsonObject): readonly [string, string] | undefined {
  return spellings.find(([chosen, rejected]) => root[chosen] !== undefined && root[rejected] !== undefined);
}

/** ms-swift: whole `messages`, whose last answer is the better one, beside a `rejected_response`. */
function answersAndRejects(root: JsonObject): root is JsonObject & { readonly messages: readonly unknown[] } {
  return isList(root.messages) && root.rejected_response !== undefined && findSpelling(root) === undefined;
}

function readRejection(root: JsonObject & { readonly messages: readonly unknown[] }, problems: RecordProblem[]): Reading {
  const { prompt, candidates } = endOfList(readTurnList(root.messages, ['messages'], problems), [], ['messages'], problems);
  const rejected = requiredText(root.rejected_response, ['rejected_response'], problems);
  return { prompt, candidates: [...candidates.map((one) => ({ ...one, name: 'chosen' })), ...(rejected ? [{ name: 'rejected', prompt, response: rejected }] : [])] };
}

/** What both responses answer; empty where each side is a whole conversation. */
function readSharedPrompt(root: JsonObject, problems: RecordProblem[]): readonly Turn[] {
  const preamble = readPreamble(root, problems);
  for (const name of ['messages', 'conversations', 'prompt'] as const) {
    const value = root[name];
    if (isList(value) || (name === 'prompt' && value !== undefined && value !== null)) return [...preamble, ...readPrompt(value, [name], problems)];
  }
  const { input } = root;
  if (isObject(input) && isList(input.messages)) return [...preamble, ...readTurnList(input.messages, ['input', 'messages'], problems).turns];
  const instruction = presentName(root, ['instruction', 'query', 'question']);
  if (instruction !== undefined) return [...preamble, ...readQuestion(root, { instruction, input: 'input' }, problems)];
  return presentName(root, ['input']) === undefined ? preamble : [...preamble, ...readQuestion(root, { instruction: 'input' }, problems)];
}

function readCandidate(root: JsonObject, { name, field }: { readonly name: string; readonly field: string }, shared: readonly Turn[], problems: RecordProblem[]): Candidate[] {
  const value = root[field];
  const path: JsonPath = [field];
  const side = readSide(value, path, shared, problems);
  if (side.response) return [{ name, prompt: side.prompt, response: side.response }];
  if (isList(value) || isObject(value)) problems.push({ rule: 'no-response', message: `\`${field}\` does not end with a text of the assistant.`, path });
  return [];
}

function readSide(value: unknown, path: JsonPath, shared: readonly Turn[], problems: RecordProblem[]): { readonly prompt: readonly Turn[]; readonly response?: TextField | undefined } {
  if (isObject(value)) return { ...readLoneTurn(value, path, problems), prompt: shared };
  if (!isList(value)) return { prompt: shared, response: requiredText(value, path, problems) };
  const answersPrompt = shared.some((turn) => turn.role !== 'system') && !repeatsPrompt(value, shared);
  const list = readTurnList(value, path, problems, answersPrompt ? 'continues' : 'begins');
  const system = repeatsSystem(list.prompt) ? [] : shared.filter((turn) => turn.role === 'system');
  return { prompt: answersPrompt ? [...shared, ...list.prompt] : [...system, ...list.prompt], response: list.response };
}

/** UltraFeedback keeps the question both in `prompt` and as the first turn of each side: it is asked once. */
function repeatsPrompt(list: readonly unknown[], shared: readonly Turn[]): boolean {
  const asked = shared.findLast((turn) => turn.role === 'user')?.text;
  return readTurnList(list, [], []).prompt.some((turn) => turn.role === 'user' && turn.text === asked);
}

function repeatsSystem(turns: readonly Turn[]): boolean {
  return turns[0]?.role === 'system';
}
