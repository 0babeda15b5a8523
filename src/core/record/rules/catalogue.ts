export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One kind of problem that a dataset can have. */
export interface Rule {
  /** A few words, for people. */
  readonly title: string;
  /** Unless the settings say otherwise. */
  readonly severity: Severity;
}

/**
 * Every rule by its id, in the order of `docs/rules.md`: what is no record, what its conversation lacks, what its texts hold,
 * how the file's records stand to one another. Trainer profiles have rules of their own, `trainer/rule`.
 */
export const rules = {
  'broken-json': { title: 'broken JSON', severity: 'error' },
  'array-file': { title: 'a JSON array saved as JSONL', severity: 'error' },
  'not-an-object': { title: 'not a JSON object', severity: 'error' },
  'unknown-shape': { title: 'no known shape', severity: 'error' },
  'too-deep': { title: 'nested too deep', severity: 'error' },
  'too-long': { title: 'a line too long to read', severity: 'error' },
  'not-checked': { title: 'a file too large to check while it is closed', severity: 'information' },
  'empty-prompt': { title: 'empty prompt', severity: 'warning' },
  'empty-response': { title: 'empty response', severity: 'warning' },
  'no-response': { title: 'no response', severity: 'warning' },
  'one-token-response': { title: 'response of one token', severity: 'information' },
  'truncated-response': { title: 'response that looks cut off', severity: 'warning' },
  refusal: { title: 'refusal', severity: 'warning' },
  'leaked-prompt': { title: 'prompt leaked into the response', severity: 'warning' },
  'role-order': { title: 'roles out of order', severity: 'warning' },
  'unknown-role': { title: 'unknown role', severity: 'warning' },
  'not-text': { title: 'not a text', severity: 'warning' },
  'duplicate-key': { title: 'a field written twice', severity: 'warning' },
  'unknown-field': { title: 'a field that nothing reads', severity: 'information' },
  'lone-surrogate': { title: 'half of a character', severity: 'warning' },
  'control-character': { title: 'control or invisible character', severity: 'warning' },
  mojibake: { title: 'text read in the wrong encoding', severity: 'warning' },
  'not-utf8': { title: 'bytes that are not UTF-8', severity: 'warning' },
  'mixed-shapes': { title: 'several shapes in one file', severity: 'information' },
  'duplicate-record': { title: 'the same record again', severity: 'information' },
  'duplicate-prompt': { title: 'one prompt with different responses', severity: 'information' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

export const ruleIds = Object.keys(rules) as readonly RuleId[];

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(rules, id);
}
