import { z } from 'zod';
import type { RewardWire } from './rewardWire';
import { openaiFacts } from './serverFacts';

const one = z.object({ embedding: z.array(z.unknown()) });
const replySchema = z.union([one, z.tuple([one]).transform(([only]) => only)]);

/** SGLang, started with `--is-embedding`. It has no path that applies a chat template, so the text is plain. */
export function sglangReward(named: string | undefined): RewardWire {
  return {
    server: 'SGLang',
    form: 'plain',
    facts: (call) => openaiFacts(call, named),
    ways: [
      {
        async reward(call, { prompt, response, model }) {
          const reply = replySchema.safeParse(await call('/classify', { ...(model !== undefined && { model }), text: `${prompt}\n${response}` }));
          return reply.success ? { kind: 'values', values: reply.data.embedding } : { kind: 'unreadable' };
        },
      },
    ],
  };
}
