import type { CheckpointFacts } from './checkpointFacts';
import { assertTokens } from './assertTokens';
import { CheckpointError } from './checkpointError';
import { floats } from './decoder';
import type { DecoderCheckpoint } from './decoderCheckpoint';
import { type DecoderSessions, releaseSessions } from './decoderSessions';
import { loadRuntime } from './onnxRuntime';

/** A sequence-classification head with one label over a decoder. */
export class DecoderRewardHead {
  readonly facts: CheckpointFacts;
  readonly #source: string;
  readonly #pad: number | undefined;
  readonly #sessions: DecoderSessions;
  #released: Promise<void> | undefined;

  constructor({ config, facts, source }: DecoderCheckpoint, sessions: DecoderSessions) {
    this.#source = source;
    this.facts = facts;
    this.#pad = config.pad;
    this.#sessions = sessions;
  }

  async reward(ids: ArrayLike<number>): Promise<number> {
    if (ids.length === 0) throw new RangeError('A reward takes at least one token.');
    assertTokens(this.facts, ids, ids.length);
    const { Tensor } = await loadRuntime();
    const { decoder, head } = this.#sessions;
    const last = lastToken(ids, this.#pad);
    const hidden = await decoder.hidden({ ids, from: 0, to: last + 1, kept: decoder.none, rows: [last] });
    const { reward } = await head.run({ hidden: new Tensor('float32', hidden, [1, hidden.length]) });
    const value = floats(reward)[0] ?? NaN;
    if (!Number.isFinite(value)) throw new CheckpointError(`${this.#source} gives a reward that is not a number: its weights hold NaN or infinities; fetch them again, or choose another model.`);
    return value;
  }

  dispose(): Promise<void> {
    return (this.#released ??= releaseSessions(this.#sessions));
  }
}

/** Where `transformers` reads the label: the last token that is no padding, the first where all are. */
function lastToken(ids: ArrayLike<number>, pad: number | undefined): number {
  let last = ids.length - 1;
  while (last > 0 && ids[last] === pad) last--;
  return last;
}
