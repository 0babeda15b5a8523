/**
 * What every shape of record becomes: a prompt and the responses to it, each text with the place it was read from.
 */

export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** The way from a record's root object to a value: `['conversations', 1, 'value']`. */
export type JsonPath = readonly (string | number)[];

/** A text inside a record and where it stands. */
export interface TextField {
  readonly text: string;
  readonly path: JsonPath;
}

/**
 * One text of a conversation, in order. Alpaca's `instruction` and `input` are two user turns of one prompt:
 * `part` tells them apart where a format needs it; consecutive turns of one role join with a newline.
 */
export interface Turn extends TextField {
  readonly role: Role;
  readonly part?: 'instruction' | 'input';
}

/** UTF-16 offsets in the record's line, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ShapeId =
  | 'alpaca'
  | 'messages'
  | 'sharegpt'
  | 'promptCompletion'
  | 'preference'
  | 'queryResponse'
  | 'magpie'
  | 'selfInstruct';

/** What is odd about a record that could still be read. */
export interface RecordProblem {
  readonly rule: RecordRule;
  /** One sentence; never holds dataset text unescaped beyond a field name or a role. */
  readonly message: string;
  /** The value it is about; the whole record when absent. */
  readonly path?: JsonPath;
  /** The part of the text at `path` that it is about, in UTF-16 units of the text; all of it when absent. */
  readonly part?: Span;
}

export type RecordRule =
  | 'empty-prompt'
  | 'empty-response'
  | 'no-response'
  | 'role-order'
  | 'unknown-role'
  | 'not-text'
  | 'duplicate-key'
  | 'unknown-field'
  | 'lone-surrogate'
  | 'control-character'
  | 'mojibake'
  | 'truncated-response'
  | 'refusal'
  | 'leaked-prompt';

/**
 * One (prompt, response) pair: the unit that is scored. Keys are getters, computed when first read: neither an exchange
 * nor a record keeps them through a spread or `structuredClone`, so a worker is sent the texts and keys it needs.
 */
export interface Exchange {
  /** `response`, `chosen`, `rejected`, `responses[2]`, `instances[1]`. */
  readonly name: string;
  /** 32 hex digits over prompt and response text: scores are stored under it. */
  readonly key: string;
  readonly prompt: readonly Turn[];
  readonly response: TextField;
}

/** A line of a dataset that holds a conversation. */
export interface DataRecord {
  readonly shape: ShapeId;
  /** 32 hex digits over the whole canonical conversation, every candidate included. Equals the exchange's key when there is just one. */
  readonly key: string;
  /** 32 hex digits over the prompt alone: joins teachers and files. */
  readonly promptKey: string;
  /** The prompt of the first exchange; all there is when nothing answers it. */
  readonly prompt: readonly Turn[];
  /** In the order of the file's candidates; the first is the one that badges and exports show. Empty when nothing answers. */
  readonly exchanges: readonly Exchange[];
  readonly problems: readonly RecordProblem[];
  /** Names of its fields that neither a shape nor a convention knows. */
  readonly extraFields: readonly string[];
}
