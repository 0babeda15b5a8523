import { z } from 'zod';
import type { RewardExchange, RewardReply, RewardWay, RewardWire } from './rewardWire';
import { ScoringServerError } from './scoringServerError';
import { openaiFacts, openaiVersion, type Call } from './serverFacts';

const tokensSchema = z.object({ tokens: z.array(z.int().min(0)).min(1), max_model_len: z.int().nullish().catch(undefined) });
const classifySchema = z.object({ data: z.tuple([z.object({ probs: z.array(z.unknown()) })]) });
const poolingSchema = z.object({ data: z.tuple([z.object({ data: z.array(z.unknown()) })]) });

/**
 * vLLM with a sequence-classification head. Reward models are trained on their own chat template, so the server applies
 * that (`/tokenize` with messages) and the ids are what is classified. The activation, which would squash the reward, is off.
 */
export function vllmReward(named: string | undefined): RewardWire {
  return {
    server: 'vLLM',
    form: 'chat',
    facts: async (call) => {
      const [facts, version] = await Promise.all([openaiFacts(call, named), openaiVersion(call)]);
      return { ...facts, ...(version !== undefined && { version }) };
    },
    ways: [
      way(async (call, model, ids) => {
        // Before 0.11 the switch was called `activation`; a version ignores the name it does not know.
        const reply = classifySchema.safeParse(await call('/classify', { ...model, input: [ids], use_activation: false, activation: false }));
        return reply.success ? reply.data.data[0].probs : undefined;
      }),
      way(async (call, model, ids) => {
        const reply = poolingSchema.safeParse(await call('/pooling', { ...model, input: [ids], use_activation: false, activation: false }));
        return reply.success ? reply.data.data[0].data.flat() : undefined;
      }),
    ],
  };
}

type AskForValues = (call: Call, model: object, ids: readonly number[]) => Promise<readonly unknown[] | undefined>;

function way(ask: AskForValues): RewardWay {
  return {
    async reward(call, exchange): Promise<RewardReply> {
      const model = exchange.model === undefined ? {} : { model: exchange.model };
      const tokens = await applyTemplate(call, model, exchange);
      if (tokens === undefined) return { kind: 'unreadable' };
      const { ids, limit } = tokens;
      if (limit !== undefined && ids.length > limit) return { kind: 'undefined', reason: `prompt and response have ${ids.length} tokens, the reward model reads ${limit}` };
      const values = await ask(call, model, ids);
      return values === undefined ? { kind: 'unreadable' } : { kind: 'values', values };
    },
  };
}

async function applyTemplate(call: Call, model: object, { prompt, response }: RewardExchange) {
  const messages = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: response },
  ];
  try {
    const tokens = tokensSchema.safeParse(await call('/tokenize', { ...model, messages, add_generation_prompt: false }));
    if (!tokens.success) return undefined;
    const { tokens: ids, max_model_len } = tokens.data;
    return { ids, limit: max_model_len ?? undefined };
  } catch (error) {
    if (!(error instanceof ScoringServerError) || !/chat template/i.test(error.message)) throw error;
    throw new ScoringServerError('untrusted', `${error.message.replace(/\.$/, '')}; start vLLM with --chat-template and the template that the reward model was trained on.`);
  }
}
