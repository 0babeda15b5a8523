/** Commands of the editor that hovers, badges and code actions call, each with one `RecordCommandArguments`. */
export const commandId = {
  score: 'cupel.scoreSelection',
  showCard: 'cupel.showRecordCard',
  regenerate: 'cupel.regenerateResponse',
  refine: 'cupel.refineResponse',
  showSurprise: 'cupel.showTokenSurprise',
} as const;

/** The only argument of the commands above when they come from the server. */
export interface RecordCommandArguments {
  readonly uri: string;
  /** 0-based. */
  readonly lines: readonly number[];
  /** A teacher's id; the person is asked when absent. */
  readonly teacher?: string;
}
