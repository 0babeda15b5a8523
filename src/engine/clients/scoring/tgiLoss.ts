import { z } from 'zod';
import { logProbSchema } from './logProbSchema';
import type { LossWire, TokenizedText } from './lossWire';
import { orUndefined, type ServerFacts } from './serverFacts';

const infoSchema = z.object({
  model_id: z.string().nullish(),
  version: z.string().nullish(),
  max_input_tokens: z.int().positive().nullish(),
  max_input_length: z.int().positive().nullish(),
});

const tokenizeSchema = z.array(z.object({ id: z.int().min(0), start: z.int().min(0).nullish(), stop: z.int().min(0).nullish() })).min(1);

const replySchema = z.object({ details: z.object({ prefill: z.array(z.object({ id: z.int(), logprob: logProbSchema.optional() })) }) });

/** Text Generation Inference takes text alone; the ids that come back with the log-probabilities show whether it read the tokens that were meant. */
export const tgiLoss: LossWire = {
  server: 'TGI',
  takesText: true,
  facts: async (call) => {
    const info = infoSchema.safeParse(await orUndefined(call('/info')));
    return info.success ? factsOf(info.data) : {};
  },
  tokenize: async (call, { text, special }) => {
    const tokens = tokenizeSchema.safeParse(await orUndefined(call('/tokenize', { inputs: text, add_special_tokens: special })));
    if (!tokens.success) return undefined;
    const ranges = rangesOf(text, tokens.data);
    return { ids: tokens.data.map(({ id }) => id), ...(ranges && { ranges }) };
  },
  placesTokens: true,
  ways: [
    {
      takes: 1,
      async logProbs(call, { text, lead }) {
        const reply = replySchema.safeParse(
          await call('/generate', { inputs: text, add_special_tokens: lead > 0, parameters: { max_new_tokens: 1, do_sample: false, details: true, decoder_input_details: true } }),
        );
        if (!reply.success) return { logProbs: undefined, start: 0 };
        const { prefill } = reply.data.details;
        return { logProbs: prefill.map(({ logprob }) => logprob ?? null), ids: prefill.map(({ id }) => id), start: 0 };
      },
    },
  ],
};

/** TGI counts in code points. */
function rangesOf(text: string, tokens: z.infer<typeof tokenizeSchema>): TokenizedText['ranges'] {
  const utf16 = [0];
  for (const character of text) utf16.push((utf16.at(-1) ?? 0) + character.length);
  const ranges: (readonly [number, number])[] = [];
  for (const { start, stop } of tokens) {
    const [from, to] = [utf16[start ?? -1], utf16[stop ?? -1]];
    if (from === undefined || to === undefined) return undefined;
    ranges.push([from, to]);
  }
  return ranges;
}

function factsOf({ model_id, version, max_input_tokens, max_input_length }: z.infer<typeof infoSchema>): ServerFacts {
  const contextLength = max_input_tokens ?? max_input_length;
  return { ...(model_id != null && { model: model_id }), ...(version != null && { version }), ...(contextLength != null && { contextLength }) };
}
