import type { DecoderConfig } from './decoderConfig';
import type * as OnnxRuntime from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** Keys and values of the tokens before, by layer: [1, kvHeads, P, headSize] each. */
export interface KeptTokens {
  readonly length: number;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

export interface DecoderRun {
  readonly ids: ArrayLike<number>;
  /** The new tokens are ids[from..to). */
  readonly from: number;
  readonly to: number;
  /** Keys and values of ids[0..from). */
  readonly kept: KeptTokens;
  /** Positions in `ids`, from `from` on, whose hidden states are wanted. */
  readonly rows: readonly number[];
}

/** New tokens of one run at most: attention takes memory in proportion to them times all before. */
const maxRunTokens = 1_024;

/** The body of a decoder: hidden states of some positions, over kept keys and values. */
export class Decoder {
  readonly #config: DecoderConfig;
  readonly #session: InferenceSession;
  readonly #runtime: typeof OnnxRuntime;
  readonly #presentNames: readonly string[];
  /** Of no tokens. */
  readonly none: KeptTokens;

  constructor(config: DecoderConfig, session: InferenceSession, runtime: typeof OnnxRuntime) {
    this.#config = config;
    this.#session = session;
    this.#runtime = runtime;
    this.#presentNames = Array.from({ length: config.layers }, (_, layer) => [`keys.${layer}`, `values.${layer}`]).flat();
    const nothing = () => new runtime.Tensor('float32', new Float32Array(0), [1, config.kvHeads, 0, config.headSize]);
    this.none = this.#keep(0, nothing);
  }

  /** [rows.length, hidden]: the hidden states of the rows, in order of position. */
  async hidden(run: DecoderRun): Promise<Float32Array> {
    let { from, kept } = run;
    const parts: Float32Array[] = [];
    while (from < run.to) {
      const to = Math.min(run.to, from + maxRunTokens);
      const rows = run.rows.filter((row) => row >= from && row < to);
      const last = to === run.to;
      const results = await this.#run({ ids: run.ids, from, to, kept, rows }, last ? ['hidden'] : ['hidden', ...this.#presentNames]);
      parts.push(floats(results.hidden));
      if (!last) kept = this.#kept(to, results);
      from = to;
    }
    return parts.length === 1 ? (parts[0] ?? new Float32Array(0)) : joined(parts);
  }

  /** Keys and values of ids[0..length). */
  async keep(ids: ArrayLike<number>, length: number): Promise<KeptTokens> {
    let kept = this.none;
    while (kept.length < length) {
      const to = Math.min(length, kept.length + maxRunTokens);
      kept = this.#kept(to, await this.#run({ ids, from: kept.length, to, kept, rows: [] }, this.#presentNames));
    }
    return kept;
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }

  #run({ ids, from, to, kept, rows }: DecoderRun, fetches: readonly string[]): Promise<InferenceSession.OnnxValueMapType> {
    const { Tensor } = this.#runtime;
    const count = to - from;
    const feeds = {
      ids: new Tensor('int64', BigInt64Array.from({ length: count }, (_, i) => BigInt(ids[from + i] ?? 0)), [count]),
      positions: new Tensor('int64', BigInt64Array.from({ length: count }, (_, i) => BigInt(from + i)), [count]),
      rows: new Tensor('int64', BigInt64Array.from(rows, (row) => BigInt(row - from)), [rows.length]),
      lastIndex: new Tensor('int32', Int32Array.of(to - 1), [1]),
      total: new Tensor('int32', Int32Array.of(to), []),
      ...kept.feeds,
    };
    return this.#session.run(feeds, fetches);
  }

  #kept(length: number, results: InferenceSession.OnnxValueMapType): KeptTokens {
    return this.#keep(length, (name) => {
      const tensor = results[name];
      if (tensor === undefined) throw new Error(`The graph gave no "${name}".`);
      return tensor;
    });
  }

  #keep(length: number, present: (name: string) => Tensor): KeptTokens {
    const feeds: Record<string, Tensor> = {};
    for (let layer = 0; layer < this.#config.layers; layer++) {
      feeds[`keptKeys.${layer}`] = present(`keys.${layer}`);
      feeds[`keptValues.${layer}`] = present(`values.${layer}`);
    }
    return { length, feeds };
  }
}

export function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('The graph gave no float32 result.');
  return tensor.data;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
