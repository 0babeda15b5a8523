import type { DataRecord, Exchange, RecordProblem, TextField, Turn } from './conversation';
import { exchangeKey, promptKey, recordKey } from './key';
import type { JsonObject, Reading, Shape } from './shapes/shape';

/** Reads an object by its shape, and says what is odd about the conversation. Never throws. */
export function buildRecord(root: JsonObject, shape: Shape): DataRecord {
  const problems: RecordProblem[] = [];
  const reading = shape.read(root, problems);
  const exchanges = reading.candidates.map(
    ({ name, prompt, response }): Exchange => ({ name, key: exchangeKey(prompt, response.text), prompt, response }),
  );
  const prompt = exchanges[0]?.prompt ?? reading.prompt;
  const ownPromptKey = promptKey(prompt);
  const key = recordKey(ownPromptKey, exchanges.map((exchange) => exchange.key));
  problems.push(...missingTexts(prompt, reading, problems), ...loneSurrogates(prompt, reading));
  return { shape: shape.id, key, promptKey: ownPromptKey, prompt, exchanges, problems };
}

function missingTexts(prompt: readonly Turn[], { candidates }: Reading, known: readonly RecordProblem[]): RecordProblem[] {
  const problems: RecordProblem[] = [];
  if (!prompt.some((turn) => turn.role !== 'system' && turn.text.trim() !== '')) {
    problems.push({ rule: 'empty-prompt', message: 'The prompt is empty: there is nothing to answer.' });
  }
  if (candidates.length === 0 && !known.some((problem) => problem.rule === 'no-response')) {
    problems.push({ rule: 'no-response', message: 'The record has no response: it can be answered, but not scored.' });
  }
  for (const { name, response } of candidates) {
    if (response.text.trim() !== '') continue;
    problems.push({ rule: 'empty-response', message: name === 'response' ? 'The response is empty.' : `The response \`${name}\` is empty.`, path: response.path });
  }
  return problems;
}

const loneSurrogate = /\p{Surrogate}/u;

function loneSurrogates(prompt: readonly Turn[], { candidates }: Reading): RecordProblem[] {
  const fields = new Map<TextField['path'], string>();
  for (const { path, text } of prompt) fields.set(path, text);
  for (const candidate of candidates) {
    for (const { path, text } of candidate.prompt) fields.set(path, text);
    fields.set(candidate.response.path, candidate.response.text);
  }
  return [...fields]
    .filter(([, text]) => loneSurrogate.test(text))
    .map(([path]) => ({ rule: 'lone-surrogate', message: 'The text holds half of a character (a lone surrogate), which no trainer can encode: replace it.', path }));
}
