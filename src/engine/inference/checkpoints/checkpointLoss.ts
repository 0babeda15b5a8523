import type { LossMeasurement, NllSum } from '../../../core/scores/catalogue';
import { lossPresets, type LossPlan, type LossPreset, type LossPresetId, type Pass, type PassSpan } from '../../../core/scores/presets/preset';
import type { TokenLosses } from '../../../core/scores/tokenLosses';
import type { ScoreItem } from '../../engine';
import { CheckpointError } from './checkpointError';
import { type CheckpointTokenizer, loadCheckpointTokenizer } from './checkpointTokenizer';
import { type LanguageModel, openLanguageModel, type Precision } from './languageModel';
import { type PlacedNlls, responseTokens } from './responseTokens';
import { Turns } from './turns';
import { assertVocabulary } from './vocabularyMatch';

/** Losses of exchanges under a local checkpoint, by a published procedure. */
export interface CheckpointLoss {
  /** Rejects, with a sentence, when the model fails on this one; what the procedure leaves undefined is a reason in the result. */
  measureLoss(item: ScoreItem): Promise<LossMeasurement>;
  tokenLosses(item: ScoreItem): Promise<TokenLosses>;
  dispose(): Promise<void>;
}

export interface CheckpointLossOptions {
  /** What the results name as their scorer. */
  readonly id: string;
  readonly preset: LossPresetId;
  readonly precision: Precision;
  readonly threads: number;
}

/** Rejects with `CheckpointError`, and then nothing stays loaded. */
export async function loadCheckpointLoss(folder: string, { id, preset, precision, threads }: CheckpointLossOptions): Promise<CheckpointLoss> {
  const tokenizer = await loadCheckpointTokenizer(folder);
  const model = await openLanguageModel(folder, { precision, threads });
  try {
    assertVocabulary(tokenizer, model.facts);
  } catch (error) {
    await model.dispose();
    throw error;
  }
  return new PresetLoss({ id, preset: lossPresets[preset], tokenizer, model });
}

export interface PresetLossParts {
  readonly id: string;
  readonly preset: LossPreset;
  readonly tokenizer: CheckpointTokenizer;
  readonly model: LanguageModel;
}

/** Responses without a prompt whose losses are kept: candidates of one instruction often repeat each other, and files repeat themselves. */
const keptResponses = 256;

export class PresetLoss implements CheckpointLoss {
  readonly #id: string;
  readonly #preset: LossPreset;
  readonly #tokenizer: CheckpointTokenizer;
  readonly #model: LanguageModel;
  /** Unconditional passes by their ids, least recently used first. */
  readonly #alone = new Map<string, Float32Array>();
  readonly #turns = new Turns();

  constructor({ id, preset, tokenizer, model }: PresetLossParts) {
    this.#id = id;
    this.#preset = preset;
    this.#tokenizer = tokenizer;
    this.#model = model;
  }

  measureLoss(item: ScoreItem): Promise<LossMeasurement> {
    return this.#turns.run(async () => {
      const plan = this.#plan(item, (text) => this.#tokenizer.encode(text));
      const parts: Partial<Record<PassSpan['part'], NllSum>> = {};
      for (const pass of plan.passes) {
        const { from: first, nlls } = await this.#run(pass);
        for (const { part, from, to } of pass.spans) parts[part] = sumOf(nlls.subarray(from - first, to - first));
      }
      return { scorer: this.#id, ...parts, ...(plan.reason !== undefined && { reason: plan.reason }) };
    });
  }

  tokenLosses(item: ScoreItem): Promise<TokenLosses> {
    return this.#turns.run(async () => {
      const offsets = new Map<string, readonly (readonly [number, number])[]>();
      const plan = this.#plan(item, (text) => {
        const encoded = this.#tokenizer.encodeWithOffsets(text);
        offsets.set(text, encoded.offsets);
        return encoded.ids;
      });
      const parts: Partial<Record<'cond' | 'direct', PlacedNlls>> = {};
      let reason = plan.reason;
      for (const pass of plan.passes) {
        const span = pass.spans.find(({ part }) => part !== 'prompt');
        const ranges = offsets.get(pass.text);
        if (span === undefined || span.part === 'prompt' || ranges === undefined) continue;
        const { from: first, nlls } = await this.#run(pass);
        parts[span.part] = {
          nlls: nlls.subarray(span.from - first, span.to - first),
          ranges: ranges.slice(span.from - pass.lead, span.to - pass.lead),
          responseStart: pass.text.length - item.response.length,
        };
        const all = ranges.length + pass.lead - span.from;
        if (span.part === 'cond' && span.to - span.from < all) reason ??= `only the first ${span.to - span.from} of ${all} response tokens fit the window`;
      }
      return { scorer: this.#id, tokens: responseTokens(parts), ...(reason !== undefined && { reason }) };
    });
  }

  async dispose(): Promise<void> {
    await this.#turns.run(() => this.#model.dispose());
  }

  #plan(item: ScoreItem, tokens: (text: string) => readonly number[]): LossPlan {
    const { bos } = this.#tokenizer;
    return this.#preset.plan(item, tokens, { contextLength: this.#model.facts.contextLength, ...(bos !== undefined && { bos }) });
  }

  /** Losses of ids[from..) up to the end of the last span. */
  async #run({ ids, spans, shared }: Pass): Promise<{ readonly from: number; readonly nlls: Float32Array }> {
    const from = Math.min(...spans.map((span) => span.from));
    const to = Math.max(...spans.map((span) => span.to));
    const alone = spans.every(({ part }) => part === 'direct');
    const key = alone ? `${from} ${ids.join(' ')}` : '';
    const known = alone ? this.#alone.get(key) : undefined;
    const nlls = known ?? (await this.#model.nll(ids, from, to, shared));
    if (nlls.length !== to - from || !nlls.every(Number.isFinite)) {
      throw new CheckpointError(`${this.#model.facts.folder} gives losses that are not numbers; fetch its weights again, or choose another model.`);
    }
    if (alone) this.#keep(key, nlls);
    return { from, nlls };
  }

  #keep(key: string, nlls: Float32Array): void {
    this.#alone.delete(key);
    this.#alone.set(key, nlls);
    const oldest = this.#alone.size > keptResponses ? this.#alone.keys().next().value : undefined;
    if (oldest !== undefined) this.#alone.delete(oldest);
  }
}

function sumOf(nlls: Float32Array): NllSum {
  let sum = 0;
  for (const nll of nlls) sum += nll;
  return { sum, tokens: nlls.length };
}
