import { z } from 'zod';
import { logProbSchema } from './logProbSchema';
import type { LossWire } from './lossWire';
import { openaiFacts } from './serverFacts';
import { tokenizePrompt } from './vllmLoss';

const replySchema = z.object({
  meta_info: z.object({
    input_token_logprobs: z.array(z.tuple([logProbSchema, z.int()], z.unknown())),
    prompt_tokens: z.int().nullish().catch(undefined),
    cached_tokens: z.int().nullish().catch(undefined),
  }),
});

/**
 * SGLang's own `/generate`. The entry at `logprob_start_len` is null, so it starts one token before the first that is
 * wanted; what stands before that may come from its cache.
 */
export function sglangLoss(named: string | undefined): LossWire {
  return {
    server: 'SGLang',
    takesText: false,
    facts: (call) => openaiFacts(call, named),
    tokenize: async (call, { text, special, model }) => {
      const tokens = await tokenizePrompt(call, { ...(model !== undefined && { model }), prompt: text, add_special_tokens: special });
      return tokens && { ids: tokens.ids };
    },
    placesTokens: false,
    ways: [
      {
        takes: 0,
        async logProbs(call, { ids, from }) {
          const start = from - 1;
          const reply = replySchema.safeParse(
            await call('/generate', { input_ids: ids, sampling_params: { max_new_tokens: 0, temperature: 0 }, return_logprob: true, logprob_start_len: start }),
          );
          if (!reply.success) return { logProbs: undefined, start };
          const { input_token_logprobs: entries, prompt_tokens, cached_tokens } = reply.data.meta_info;
          return {
            logProbs: entries.map(([logProb]) => logProb),
            ids: entries.map(([, id]) => id),
            start,
            promptTokens: prompt_tokens ?? undefined,
            cachedTokens: cached_tokens ?? undefined,
          };
        },
      },
    ],
  };
}
