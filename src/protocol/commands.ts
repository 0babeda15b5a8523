/** Commands of the editor that hovers, badges and code actions call, each with one `RecordCommandArguments`. */
export const commandId = {
  score: 'cupel.scoreSelection',
  showCard: 'cupel.showRecordCard',
  openRecord: 'cupel.openRecord',
  regenerate: 'cupel.regenerateResponse',
  refine: 'cupel.refineResponse',
  showSurprise: 'cupel.showTokenSurprise',
  findNearDuplicates: 'cupel.findNearDuplicates',
} as const;

/**
 * Commands that the server carries out itself (`workspace/executeCommand`) for editors that have none of Cupel's.
 * The arguments are those of the same commands in VS Code; the second takes the `uri` alone.
 */
export const serverCommandId = { scoreRecords: commandId.score, scoreDataset: 'cupel.scoreDataset' } as const;

/** The only argument of the commands when they come from the server. */
export interface RecordCommandArguments {
  readonly uri: string;
  /** 0-based. */
  readonly lines: readonly number[];
  /** A teacher's id; the person is asked when absent. */
  readonly teacher?: string;
}
