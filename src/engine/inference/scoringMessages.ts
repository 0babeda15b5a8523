import { z } from 'zod';
import type { LengthMeasurement, Measurement } from '../../core/scores/catalogue';
import type { RewardExplanation, ScorerFacts } from '../../core/scores/scorer';
import type { ScoreItem } from '../engine';

/** The wire between the engine and a scoring worker. Every request ends in one reply with its id. */

/** An item with what is to be measured about it. */
export interface ScoreTask extends ScoreItem {
  readonly loss: boolean;
  readonly reward: boolean;
}

export type WorkerRequest =
  /** Measures a batch; with a tokenizer, the lengths of every response too. */
  | { readonly id: number; readonly kind: 'score'; readonly tasks: readonly ScoreTask[]; readonly tokenizer?: string }
  | { readonly id: number; readonly kind: 'length'; readonly text: string; readonly tokenizer: string }
  | { readonly id: number; readonly kind: 'explain'; readonly item: ScoreItem }
  /** Who scores here. */
  | { readonly id: number; readonly kind: 'scorers' }
  /** The batch with this id ends early, with what it has. */
  | { readonly id: number; readonly kind: 'cancel' };

export type WorkerReply =
  /** The worker's script has loaded. */
  | { readonly kind: 'ready' }
  | { readonly id: number; readonly kind: 'scored'; readonly batch: ScoredBatch }
  | { readonly id: number; readonly kind: 'length'; readonly length: LengthMeasurement }
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

const item = z.object({ key: z.string(), prompt: z.string(), response: z.string() });
const id = z.int();

export const workerRequestSchema: z.ZodType<WorkerRequest> = z.discriminatedUnion('kind', [
  z.object({
    id,
    kind: z.literal('score'),
    tasks: z.array(item.extend({ loss: z.boolean(), reward: z.boolean() })),
    tokenizer: z.string().exactOptional(),
  }),
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
const fact = z.object({ id: z.string(), estimate: z.boolean(), agreement: z.string().exactOptional() });

export const workerReplySchema: z.ZodType<WorkerReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    id,
    kind: z.literal('scored'),
    batch: z.object({ measured: z.array(measurement), failed: z.array(z.object({ key: z.string(), reason: z.string() })) }),
  }),
  z.object({ id, kind: z.literal('length'), length }),
  z.object({
    id,
    kind: z.literal('explained'),
    explanation: z.object({ value: z.number(), reasons: z.array(z.object({ text: z.string(), effect: z.number() })) }),
  }),
  z.object({ id, kind: z.literal('scorers'), scorers: z.object({ loss: fact, reward: fact }) }),
  z.object({ id, kind: z.literal('failed'), reason: z.string() }),
]);
