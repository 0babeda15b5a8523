import { z } from 'zod';
import type { LengthMeasurement, Measurement } from '../../core/scores/catalogue';
import type { LossPresetId } from '../../core/scores/presets/preset';
import type { RewardExplanation, ScorerFacts } from '../../core/scores/scorer';
import { lossPresetIds, precisions, type Precision } from '../../core/scores/scorerSpec';
import type { TokenLosses } from '../../core/scores/tokenLosses';
import type { ScoreItem } from '../engine';

/** The wire between the engine and a scoring worker. Every request ends in one reply with its id. */

/** An item with what is to be measured about it. */
export interface ScoreTask extends ScoreItem {
  readonly loss: boolean;
  readonly reward: boolean;
}

/** What measures losses in a worker. */
export type LossModel = EmbeddedModel | (CheckpointModel & { readonly preset: LossPresetId });
/** What measures rewards in a worker. */
export type RewardModel = EmbeddedModel | CheckpointModel;

export interface EmbeddedModel {
  readonly kind: 'embedded';
}

export interface CheckpointModel {
  readonly kind: 'checkpoint';
  /** As it stands in stored results. */
  readonly id: string;
  readonly folder: string;
  readonly precision: Precision;
  /** Of the processor, for this worker. */
  readonly threads: number;
}

export interface WorkerModels {
  readonly loss?: LossModel;
  readonly reward?: RewardModel;
}

export type WorkerRequest =
  /** Measures a batch; with a tokenizer, the lengths of every response too. Models stand for what tasks ask for. */
  | { readonly id: number; readonly kind: 'score'; readonly tasks: readonly ScoreTask[]; readonly models: WorkerModels; readonly tokenizer?: string }
  | { readonly id: number; readonly kind: 'tokens'; readonly item: ScoreItem; readonly model: CheckpointModel & { readonly preset: LossPresetId } }
  /** Loads a model, or rejects with the reason. */
  | { readonly id: number; readonly kind: 'load'; readonly models: WorkerModels }
  | { readonly id: number; readonly kind: 'length'; readonly text: string; readonly tokenizer: string }
  | { readonly id: number; readonly kind: 'explain'; readonly item: ScoreItem }
  /** What the embedded scorers say of themselves. */
  | { readonly id: number; readonly kind: 'scorers' }
  /** The batch with this id ends early, with what it has. */
  | { readonly id: number; readonly kind: 'cancel' };

export type WorkerReply =
  /** The worker's script has loaded. */
  | { readonly kind: 'ready' }
  | { readonly id: number; readonly kind: 'scored'; readonly batch: ScoredBatch }
  | { readonly id: number; readonly kind: 'length'; readonly length: LengthMeasurement }
  | { readonly id: number; readonly kind: 'tokens'; readonly tokens: TokenLosses }
  | { readonly id: number; readonly kind: 'loaded' }
  | { readonly id: number; readonly kind: 'explained'; readonly explanation: RewardExplanation }
  | { readonly id: number; readonly kind: 'scorers'; readonly scorers: ScorerFacts }
  /** The whole request failed; one sentence. */
  | { readonly id: number; readonly kind: 'failed'; readonly reason: string };

export interface ScoredBatch {
  /** In the order of the tasks; those that a cancelled batch did not reach are absent. */
  readonly measured: readonly Measurement[];
  /** Tasks on which the scorer itself failed: worth another try some day, so not to be stored. */
  readonly failed: readonly { readonly key: string; readonly reason: string }[];
}

const item = z.object({ key: z.string(), prompt: z.string(), input: z.string().exactOptional(), response: z.string() });
const id = z.int();
const embedded = z.object({ kind: z.literal('embedded') });
const checkpoint = z.object({ kind: z.literal('checkpoint'), id: z.string(), folder: z.string(), precision: z.enum(precisions), threads: z.int().min(1) });
const lossCheckpoint = checkpoint.extend({ preset: z.enum(lossPresetIds) });
const models = z.object({ loss: z.discriminatedUnion('kind', [embedded, lossCheckpoint]).exactOptional(), reward: z.discriminatedUnion('kind', [embedded, checkpoint]).exactOptional() });

export const workerRequestSchema: z.ZodType<WorkerRequest> = z.discriminatedUnion('kind', [
  z.object({
    id,
    kind: z.literal('score'),
    tasks: z.array(item.extend({ loss: z.boolean(), reward: z.boolean() })),
    models,
    tokenizer: z.string().exactOptional(),
  }),
  z.object({ id, kind: z.literal('tokens'), item, model: lossCheckpoint }),
  z.object({ id, kind: z.literal('load'), models }),
  z.object({ id, kind: z.literal('length'), text: z.string(), tokenizer: z.string() }),
  z.object({ id, kind: z.literal('explain'), item }),
  z.object({ id, kind: z.literal('scorers') }),
  z.object({ id, kind: z.literal('cancel') }),
]);

const nll = z.object({ sum: z.number(), tokens: z.int().min(1) }).exactOptional();
const reason = z.string().exactOptional();
const count = z.int().min(0);
const length = z.object({ words: count, tokens: count, chars: count, tokenizer: z.string() });
const measurement = z.object({
  key: z.string(),
  length: length.exactOptional(),
  loss: z.object({ scorer: z.string(), cond: nll, direct: nll, prompt: nll, reason }).exactOptional(),
  reward: z.object({ scorer: z.string(), value: z.number().exactOptional(), reason }).exactOptional(),
});
const fact = z.object({ id: z.string(), estimate: z.boolean(), agreement: z.string().exactOptional(), detail: z.string().exactOptional() });
const tokenLoss = z.object({ start: count, end: count, cond: z.number().exactOptional(), direct: z.number().exactOptional() });

export const workerReplySchema: z.ZodType<WorkerReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    id,
    kind: z.literal('scored'),
    batch: z.object({ measured: z.array(measurement), failed: z.array(z.object({ key: z.string(), reason: z.string() })) }),
  }),
  z.object({ id, kind: z.literal('length'), length }),
  z.object({ id, kind: z.literal('tokens'), tokens: z.object({ scorer: z.string(), tokens: z.array(tokenLoss), reason }) }),
  z.object({ id, kind: z.literal('loaded') }),
  z.object({
    id,
    kind: z.literal('explained'),
    explanation: z.object({ value: z.number(), reasons: z.array(z.object({ text: z.string(), effect: z.number() })) }),
  }),
  z.object({ id, kind: z.literal('scorers'), scorers: z.object({ loss: fact, reward: fact }) }),
  z.object({ id, kind: z.literal('failed'), reason: z.string() }),
]);
