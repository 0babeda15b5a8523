import { z } from 'zod';
import type { RewardWire } from './rewardWire';
import { ScoringServerError } from './scoringServerError';
import { orUndefined, type ServerFacts } from './serverFacts';

const infoSchema = z.object({ model_id: z.string().nullish(), version: z.string().nullish(), max_input_length: z.int().positive().nullish() });
const scores = z.array(z.object({ score: z.unknown() }));
const replySchema = z.union([z.tuple([scores]).transform(([only]) => only), scores]);

/** Text Embeddings Inference. Nothing is cut to the model's context: the reward of a part is not the reward of the whole. */
export const teiReward: RewardWire = {
  server: 'TEI',
  form: 'pair',
  facts: async (call) => {
    const info = infoSchema.safeParse(await orUndefined(call('/info')));
    return info.success ? factsOf(info.data) : {};
  },
  ways: [
    {
      async reward(call, { prompt, response }) {
        try {
          const reply = replySchema.safeParse(await call('/predict', { inputs: [[prompt, response]], raw_scores: true, truncate: false }));
          return reply.success ? { kind: 'values', values: reply.data.map(({ score }) => score) } : { kind: 'unreadable' };
        } catch (error) {
          // `inputs` must have less than 512 tokens. Given: 600
          const [, limit, given] = error instanceof ScoringServerError ? (/less than (\d+) tokens\. Given: (\d+)/.exec(error.message) ?? []) : [];
          if (limit === undefined || given === undefined) throw error;
          return { kind: 'undefined', reason: `prompt and response have ${given} tokens, the reward model reads ${limit}` };
        }
      },
    },
  ],
};

function factsOf({ model_id, version, max_input_length }: z.infer<typeof infoSchema>): ServerFacts {
  return { ...(model_id != null && { model: model_id }), ...(version != null && { version }), ...(max_input_length != null && { contextLength: max_input_length }) };
}
