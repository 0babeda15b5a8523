import type { DataRecord, Exchange, RecordProblem, ShapeId, TextField, Turn } from './conversation';
import { exchangeKey, promptKey, recordKey } from './key';
import { reportTexts } from './rules/recordTexts';
import { findUnknownFields } from './rules/unknownFields';
import type { Candidate, JsonObject, Shape } from './shapes/shape';

/** Reads an object by its shape, and says what is odd about the conversation. Never throws. */
export function buildRecord(root: JsonObject, shape: Shape, known: readonly RecordProblem[]): DataRecord {
  const problems: RecordProblem[] = [...known];
  const reading = shape.read(root, problems);
  const exchanges = reading.candidates.map((candidate) => new KeyedExchange(candidate));
  const prompt = exchanges[0]?.prompt ?? reading.prompt;
  reportMissingTexts(prompt, reading.candidates, problems);
  return new KeyedRecord({ root, shape: shape.id, prompt, exchanges, problems });
}

/*
 * Keys and what is odd about the texts are found when first read: hashing takes ten times as long as all the rest of reading,
 * and a pass that counts words needs neither. As getters of a class they do not survive `structuredClone` or a spread.
 */

interface Parts extends Pick<DataRecord, 'shape' | 'prompt' | 'exchanges'> {
  readonly root: JsonObject;
  /** What reading alone has found. */
  readonly problems: RecordProblem[];
}

class KeyedRecord implements DataRecord {
  readonly shape: ShapeId;
  readonly prompt: readonly Turn[];
  readonly exchanges: readonly Exchange[];
  readonly #root: JsonObject;
  readonly #problems: RecordProblem[];
  #extraFields: readonly string[] | undefined;
  #key: string | undefined;
  #promptKey: string | undefined;

  constructor({ root, shape, prompt, exchanges, problems }: Parts) {
    this.shape = shape;
    this.prompt = prompt;
    this.exchanges = exchanges;
    this.#root = root;
    this.#problems = problems;
  }

  get problems(): readonly RecordProblem[] {
    this.#look();
    return this.#problems;
  }

  get extraFields(): readonly string[] {
    return this.#look();
  }

  get key(): string {
    return (this.#key ??= recordKey(this.prompt, this.exchanges));
  }

  get promptKey(): string {
    return (this.#promptKey ??= promptKey(this.prompt));
  }

  #look(): readonly string[] {
    if (this.#extraFields === undefined) {
      this.#extraFields = findUnknownFields(this.#root, this.#problems);
      reportTexts(this.#root, this.prompt, this.exchanges, this.#problems);
    }
    return this.#extraFields;
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
