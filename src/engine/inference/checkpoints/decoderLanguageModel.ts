import { CheckpointError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';
import { assertTokens } from './assertTokens';
import { floats, type KeptTokens } from './decoder';
import type { DecoderCheckpoint } from './decoderCheckpoint';
import { type DecoderSessions, releaseSessions } from './decoderSessions';
import { loadRuntime } from './onnxRuntime';

/** Templates' heads whose keys and values stay in memory. */
const maxHeads = 4;
/** Bytes of one slice's logits at most. */
const maxLogitBytes = 2 ** 26;

/** Losses under a decoder: the body over the tokens, then the head over the positions that are scored. */
export class DecoderLanguageModel {
  readonly facts: CheckpointFacts;
  readonly #source: string;
  readonly #hidden: number;
  readonly #sessions: DecoderSessions;
  #released: Promise<void> | undefined;
  /** By the ids they hold, least recently used first. */
  readonly #heads = new Map<string, KeptTokens>();

  constructor({ config, facts, source }: DecoderCheckpoint, sessions: DecoderSessions) {
    this.#source = source;
    this.facts = facts;
    this.#hidden = config.hidden;
    this.#sessions = sessions;
  }

  async nll(ids: ArrayLike<number>, from: number, to: number, shared = 0): Promise<Float32Array> {
    assertTokens(this.facts, ids, to);
    if (from < 1 || from > to) throw new RangeError(`No tokens lie from ${from} to ${to}.`);
    if (from === to) return new Float32Array(0);
    // The first loss comes from the state of the token before it, so that one is never among the kept.
    const kept = await this.#head(ids, Math.min(shared, from - 1));
    const rows = Array.from({ length: to - from }, (_, i) => from - 1 + i);
    const hidden = await this.#sessions.decoder.hidden({ ids, from: kept.length, to: to - 1, kept, rows });
    return this.#losses(hidden, ids, from, to);
  }

  dispose(): Promise<void> {
    this.#heads.clear();
    return (this.#released ??= releaseSessions(this.#sessions));
  }

  async #head(ids: ArrayLike<number>, length: number): Promise<KeptTokens> {
    const { decoder } = this.#sessions;
    if (length <= 0) return decoder.none;
    const key = Array.from({ length }, (_, i) => ids[i]).join(' ');
    const kept = this.#heads.get(key) ?? (await decoder.keep(ids, length));
    this.#heads.delete(key);
    this.#heads.set(key, kept);
    const oldest = this.#heads.size > maxHeads ? this.#heads.keys().next().value : undefined;
    if (oldest !== undefined) this.#heads.delete(oldest);
    return kept;
  }

  /** Slice by slice, so that a large vocabulary's logits stay within bounds. */
  async #losses(hidden: Float32Array, ids: ArrayLike<number>, from: number, to: number): Promise<Float32Array> {
    const { Tensor } = await loadRuntime();
    const losses = new Float32Array(to - from);
    const slice = Math.max(1, Math.floor(maxLogitBytes / 4 / (this.facts.vocabularySize ?? 1)));
    for (let start = 0; start < losses.length; start += slice) {
      const count = Math.min(slice, losses.length - start);
      const { nll } = await this.#sessions.head.run({
        hidden: new Tensor('float32', hidden.subarray(start * this.#hidden, (start + count) * this.#hidden), [count, this.#hidden]),
        targets: new Tensor('int64', BigInt64Array.from({ length: count }, (_, i) => BigInt(ids[from + start + i] ?? 0)), [count, 1]),
      });
      losses.set(floats(nll), start);
    }
    if (!losses.every(Number.isFinite)) throw new CheckpointError(`${this.#source} gives losses that are not numbers: its weights hold NaN or infinities; fetch them again, or choose another model.`);
    return losses;
  }
}
