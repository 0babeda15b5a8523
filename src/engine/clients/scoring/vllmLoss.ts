import { z } from 'zod';
import { alignTokens } from '../../inference/checkpoints/tokenOffsets';
import { logProbSchema } from './logProbSchema';
import type { LossWay, LossWire, PromptLogProbs, PromptToScore, TokenizedText } from './lossWire';
import { openaiFacts, openaiVersion, orUndefined, type Call } from './serverFacts';

const usageSchema = z
  .object({ prompt_tokens: z.int().nullish(), prompt_tokens_details: z.object({ cached_tokens: z.int().nullish() }).nullish() })
  .nullish()
  .catch(undefined);

const echoSchema = z.object({
  choices: z.tuple([z.object({ logprobs: z.object({ tokens: z.array(z.string()).nullish(), token_logprobs: z.array(logProbSchema) }) })], z.unknown()),
  usage: usageSchema,
});

const promptLogprobsSchema = z.object({
  choices: z.tuple([z.object({ prompt_logprobs: z.array(z.record(z.string(), z.object({ logprob: logProbSchema })).nullable()) })], z.unknown()),
  usage: usageSchema,
});

const tokensSchema = z.object({ tokens: z.array(z.int().min(0)).min(1), token_strs: z.array(z.string()).nullish().catch(undefined) });

/** `POST /tokenize` as vLLM and SGLang have it. llama-server answers it without looking at `prompt`: no tokens, so no tokenizer. */
export async function tokenizePrompt(call: Call, body: object): Promise<{ readonly ids: readonly number[]; readonly written: readonly string[] | undefined } | undefined> {
  const tokens = tokensSchema.safeParse(await orUndefined(call('/tokenize', body)));
  return tokens.success ? { ids: tokens.data.tokens, written: tokens.data.token_strs ?? undefined } : undefined;
}

/**
 * vLLM's OpenAI-compatible completions. `echo` with `max_tokens` 0 is the cheapest; versions that refuse it generate one
 * token, whose entry comes last and is left out; `prompt_logprobs` is vLLM's own name for the same figures.
 */
export function vllmLoss(named: string | undefined): LossWire {
  return {
    server: 'vLLM',
    takesText: false,
    facts: async (call) => {
      const [facts, version] = await Promise.all([openaiFacts(call, named), openaiVersion(call)]);
      return { ...facts, ...(version !== undefined && { version }) };
    },
    placesTokens: true,
    tokenize: async (call, { text, special, model, places = false }) => {
      const body = { ...(model !== undefined && { model }), prompt: text, add_special_tokens: special };
      const tokens = await tokenizePrompt(call, places ? { ...body, return_token_strs: true } : body);
      const ranges = tokens?.written && rangesOf(text, tokens.written);
      return tokens && { ids: tokens.ids, ...(ranges && { ranges }) };
    },
    ways: [echo(0), echo(1), promptLogprobs],
  };
}

/** As the vocabulary writes them: in GPT-2's characters for bytes, or with `▁` for a space. */
function rangesOf(text: string, written: readonly string[]): TokenizedText['ranges'] {
  const verbatim = new Set<string>();
  return alignTokens(text, written, { byteLevel: true, verbatim }) ?? alignTokens(text, written, { byteLevel: false, verbatim });
}

function echo(generated: 0 | 1): LossWay {
  return {
    takes: generated,
    async logProbs(call, prompt) {
      const reply = echoSchema.safeParse(
        await call('/v1/completions', { ...request(prompt), echo: true, logprobs: 1, max_tokens: generated, return_tokens_as_token_ids: true }),
      );
      if (!reply.success) return { logProbs: undefined, start: 0 };
      const { tokens, token_logprobs: all } = reply.data.choices[0].logprobs;
      const length = Math.max(0, all.length - generated);
      return { logProbs: all.slice(0, length), start: 0, ...(tokens && { ids: tokens.slice(0, length).map(tokenId) }), ...usageOf(reply.data.usage) };
    },
  };
}

const promptLogprobs: LossWay = {
  takes: 1,
  async logProbs(call, prompt) {
    const reply = promptLogprobsSchema.safeParse(await call('/v1/completions', { ...request(prompt), prompt_logprobs: 0, max_tokens: 1 }));
    if (!reply.success) return { logProbs: undefined, start: 0 };
    // Each entry holds the prompt's own token and, where more are asked for, the likeliest ones.
    const entries = reply.data.choices[0].prompt_logprobs;
    const logProbs = entries.map((entry, i) => entry?.[String(prompt.ids[i])]?.logprob ?? null);
    return { logProbs, start: 0, ...usageOf(reply.data.usage) };
  },
};

function request({ ids, model }: PromptToScore): object {
  return { ...(model !== undefined && { model }), prompt: ids, temperature: 0 };
}

/** `token_id:464`; older versions send the token's text whatever is asked for. */
function tokenId(token: string): number | undefined {
  const id = /^token_id:(\d+)$/.exec(token)?.[1];
  return id === undefined ? undefined : Number(id);
}

function usageOf(usage: z.infer<typeof usageSchema>): Pick<PromptLogProbs, 'promptTokens' | 'cachedTokens'> {
  return { promptTokens: usage?.prompt_tokens ?? undefined, cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? undefined };
}
