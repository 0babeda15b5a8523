import type { JsonPath, RecordProblem, Turn } from '../conversation';
import { presentName, readPreamble, requiredText } from './fields';
import { isList, singleResponse } from './shape';
import type { JsonObject, Reading, Shape } from './shape';
import { endOfList, readTurnList } from './turnList';

/** `prompt` with `completion` (or `response`), each a string or a list of messages. TRL's `label` does not change how it reads. */
export const promptCompletion: Shape = {
  id: 'promptCompletion',
  title: 'prompt/completion',
  matches: (root) => root.prompt !== undefined,
  read(root, problems) {
    const prompt = [...readPreamble(root, problems), ...readPrompt(root.prompt, ['prompt'], problems)];
    const name = presentName(root, ['completion', 'response']) ?? 'completion';
    return readCompletion(root, name, prompt, problems);
  },
};

/** A prompt that is a string or a list of messages. */
export function readPrompt(value: unknown, path: JsonPath, problems: RecordProblem[]): readonly Turn[] {
  if (isList(value)) return readTurnList(value, path, problems).turns;
  const text = requiredText(value, path, problems);
  return text ? [{ role: 'user', ...text }] : [];
}

function readCompletion(root: JsonObject, name: string, prompt: readonly Turn[], problems: RecordProblem[]): Reading {
  const value = root[name];
  if (!isList(value)) return singleResponse(prompt, requiredText(value, [name], problems));
  return endOfList(readTurnList(value, [name], problems, 'continues'), prompt, [name], problems);
}
