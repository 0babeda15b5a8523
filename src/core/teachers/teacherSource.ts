/** A teacher's answers to be ranked, and the name they go by. */
export interface TeacherSource {
  readonly name: string;
  /** A dataset file: its own responses are the answers. */
  readonly path: string;
  /** With this the answers are those that the teacher of this id has proposed for the dataset, accepted or not. */
  readonly proposedBy?: string;
}
