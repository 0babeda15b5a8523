import type { DataRecord, Exchange, JsonPath, RecordProblem, ShapeId, TextField, Turn } from './conversation';
import { exchangeKey, promptKey, recordKey } from './key';
import type { Candidate, JsonObject, Shape } from './shapes/shape';

/** Reads an object by its shape, and says what is odd about the conversation. Never throws. */
export function buildRecord(root: JsonObject, shape: Shape, known: readonly RecordProblem[]): DataRecord {
  const problems: RecordProblem[] = [...known];
  const reading = shape.read(root, problems);
  const exchanges = reading.candidates.map((candidate) => new KeyedExchange(candidate));
  const prompt = exchanges[0]?.prompt ?? reading.prompt;
  reportMissingTexts(prompt, reading.candidates, problems);
  reportLoneSurrogates(prompt, reading.candidates, problems);
  return new KeyedRecord(shape.id, prompt, exchanges, problems);
}

/*
 * Keys are computed when first read: hashing takes ten times as long as all the rest of reading, and a pass that looks
 * for problems or counts words needs none. As getters of a class they do not survive `structuredClone` or a spread.
 */

class KeyedRecord implements DataRecord {
  #key: string | undefined;
  #promptKey: string | undefined;

  constructor(
    readonly shape: ShapeId,
    readonly prompt: readonly Turn[],
    readonly exchanges: readonly Exchange[],
    readonly problems: readonly RecordProblem[],
  ) {}

  get key(): string {
    return (this.#key ??= recordKey(this.prompt, this.exchanges));
  }

  get promptKey(): string {
    return (this.#promptKey ??= promptKey(this.prompt));
  }
}

class KeyedExchange implements Exchange {
  readonly name: string;
  readonly prompt: readonly Turn[];
  readonly response: TextField;
  #key: string | undefined;

  constructor({ name, prompt, response }: Candidate) {
    this.name = name;
    this.prompt = prompt;
    this.response = response;
  }

  get key(): string {
    return (this.#key ??= exchangeKey(this.prompt, this.response.text));
  }
}

function reportMissingTexts(prompt: readonly Turn[], candidates: readonly Candidate[], problems: RecordProblem[]): void {
  if (!prompt.some((turn) => turn.role !== 'system' && turn.text.trim() !== '')) {
    problems.push({ rule: 'empty-prompt', message: 'The prompt is empty: there is nothing to answer.' });
  }
  if (candidates.length === 0 && !problems.some((problem) => problem.rule === 'no-response')) {
    problems.push({ rule: 'no-response', message: 'The record has no response: it can be answered, but not scored.' });
  }
  for (const { name, response } of candidates) {
    if (response.text.trim() !== '') continue;
    problems.push({ rule: 'empty-response', message: name === 'response' ? 'The response is empty.' : `The response \`${name}\` is empty.`, path: response.path });
  }
}

const loneSurrogate = /\p{Surrogate}/u;

/** Texts are told apart by their path objects: a prompt that several candidates share is looked at once. */
function reportLoneSurrogates(prompt: readonly Turn[], candidates: readonly Candidate[], problems: RecordProblem[]): void {
  const seen = new Set<JsonPath>();
  const look = ({ path, text }: TextField) => {
    if (seen.has(path) || !loneSurrogate.test(text)) return;
    seen.add(path);
    problems.push({ rule: 'lone-surrogate', message: 'The text holds half of a character (a lone surrogate), which no trainer can encode: replace it.', path });
  };
  prompt.forEach(look);
  for (const candidate of candidates) {
    if (candidate.prompt !== prompt) candidate.prompt.forEach(look);
    look(candidate.response);
  }
}
