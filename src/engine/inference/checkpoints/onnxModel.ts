import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { assertTokens } from './assertTokens';
import { CheckpointError } from './checkpointError';
import type { CheckpointFacts } from './checkpointFacts';
import { floats } from './decoder';
import { logitsOf, type OnnxCheckpoint } from './onnxCheckpoint';
import { createSession, firstLine, loadRuntime } from './onnxRuntime';

/** A user's own `model.onnx`: losses from its logits, or its reward. */
export class OnnxModel {
  readonly facts: CheckpointFacts;
  readonly #checkpoint: OnnxCheckpoint;
  readonly #session: InferenceSession;
  #released: Promise<void> | undefined;

  constructor(checkpoint: OnnxCheckpoint, session: InferenceSession) {
    this.facts = checkpoint.facts;
    this.#checkpoint = checkpoint;
    this.#session = session;
  }

  async nll(ids: ArrayLike<number>, from: number, to: number): Promise<Float32Array> {
    assertTokens(this.facts, ids, to);
    if (from < 1 || from > to) throw new RangeError(`No tokens lie from ${from} to ${to}.`);
    if (from === to) return new Float32Array(0);
    const logits = await this.#logits(ids, to - 1);
    const width = logits.length / (to - 1);
    const losses = Float32Array.from({ length: to - from }, (_, i) => loss(logits.subarray((from + i - 1) * width, (from + i) * width), ids[from + i] ?? -1));
    if (!losses.every(Number.isFinite)) throw this.#notNumbers();
    return losses;
  }

  async reward(ids: ArrayLike<number>): Promise<number> {
    if (ids.length === 0) throw new RangeError('A reward takes at least one token.');
    assertTokens(this.facts, ids, ids.length);
    const logits = await this.#logits(ids, ids.length);
    const [reward] = logits;
    if (logits.length !== 1 || reward === undefined) throw new CheckpointError(`${this.#checkpoint.file} gives ${logits.length} labels where a reward is one; choose a model with one label.`);
    if (!Number.isFinite(reward)) throw this.#notNumbers();
    return reward;
  }

  dispose(): Promise<void> {
    return (this.#released ??= this.#session.release());
  }

  async #logits(ids: ArrayLike<number>, length: number): Promise<Float32Array> {
    const { Tensor } = await loadRuntime();
    const row = (value: (i: number) => number) => new Tensor('int64', BigInt64Array.from({ length }, (_, i) => BigInt(value(i))), [1, length]);
    const feeds: Record<string, Tensor> = {};
    for (const { name, shape } of this.#checkpoint.signature.inputs) {
      if (name === 'input_ids') feeds[name] = row((i) => ids[i] ?? 0);
      else if (name === 'attention_mask') feeds[name] = row(() => 1);
      else if (name === 'position_ids') feeds[name] = row((i) => i);
      else if (name === 'token_type_ids') feeds[name] = row(() => 0);
      else feeds[name] = new Tensor('float32', new Float32Array(0), [1, Number(shape[1]), 0, Number(shape[3])]);
    }
    const { file, signature } = this.#checkpoint;
    const output = logitsOf(signature)?.name ?? '';
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.#session.run(feeds, [output]);
    } catch (error) {
      throw new CheckpointError(`${file} cannot be run on ${length} tokens (${firstLine(error)}); export it again, or choose another model.`);
    }
    if (results[output]?.type !== 'float32') throw new CheckpointError(`${file} gives logits that are not float32; export it again in single precision.`);
    return floats(results[output]);
  }

  #notNumbers(): CheckpointError {
    return new CheckpointError(`${this.#checkpoint.file} gives results that are not numbers: its weights hold NaN or infinities; fetch it again, or choose another model.`);
  }
}

/** Rejects with a `CheckpointError`, and then nothing stays behind. */
export async function openOnnxModel(checkpoint: OnnxCheckpoint, threads: number): Promise<OnnxModel> {
  return new OnnxModel(checkpoint, await createSession(checkpoint.file, { threads, source: checkpoint.file }));
}

/** Nats of one target: log Σ exp(logits) − its logit; NaN when there is no such logit. */
function loss(logits: Float32Array, target: number): number {
  let peak = -Infinity;
  for (const logit of logits) peak = Math.max(peak, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - peak);
  return peak + Math.log(sum) - (logits[target] ?? NaN);
}
