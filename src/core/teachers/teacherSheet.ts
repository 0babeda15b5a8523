import type { Measurement } from '../scores/catalogue';

/** The responses of one teacher, keyed by the prompt that they answer. */
export interface TeacherSheet {
  readonly teacher: string;
  /** By `promptKey`. Of several answers to one prompt the first counts. */
  readonly rows: ReadonlyMap<string, TeacherAnswer>;
  /** Further answers to prompts already answered, left out of `rows`. */
  readonly duplicates?: number;
  /** Lines that are no record. */
  readonly invalid?: number;
}

export interface TeacherAnswer {
  readonly measurement: Measurement;
  readonly response: string;
}
