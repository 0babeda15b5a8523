import type { RecordProblem, ShapeId, TextField, Turn } from '../conversation';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A response found in a record, with the prompt it answers. */
export interface Candidate {
  /** `Exchange.name`. */
  readonly name: string;
  readonly prompt: readonly Turn[];
  readonly response: TextField;
}

/** What a shape reads out of a record. */
export interface Reading {
  /** What is asked, for a record that nothing answers; otherwise the first candidate's prompt counts. */
  readonly prompt: readonly Turn[];
  readonly candidates: readonly Candidate[];
}

/** One way to write a conversation as a JSON object. */
export interface Shape {
  readonly id: ShapeId;
  /** For people. */
  readonly title: string;
  /** Looks at field names and at whether a value is a list, never at texts. */
  matches(root: JsonObject): boolean;
  /** Never throws: a value of the wrong type is left out and named in `problems`. */
  read(root: JsonObject, problems: RecordProblem[]): Reading;
}

/** The reading of a shape with at most one response. */
export function singleResponse(prompt: readonly Turn[], response: TextField | undefined): Reading {
  return { prompt, candidates: response ? [{ name: 'response', prompt, response }] : [] };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
