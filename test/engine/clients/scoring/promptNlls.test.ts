import fc from 'fast-check';
import { expect, it } from 'vitest';
import { promptNlls } from '../../../../src/engine/clients/scoring/promptNlls';

const logProb = fc.double({ min: -100, max: 0, noNaN: true });
const prompts = fc.array(fc.tuple(fc.nat(50_000), logProb), { minLength: 2, maxLength: 40 });

it('turns every honest reply into the nats of its tokens, wherever the entries begin', () => {
  fc.assert(
    fc.property(prompts, fc.nat(), (tokens, seed) => {
      const ids = tokens.map(([id]) => id);
      const from = 1 + (seed % (ids.length - 1));
      const start = seed % from;
      const logProbs = tokens.slice(start).map(([, value], i) => (i === 0 ? null : value));
      const nlls = promptNlls({ ids, from }, { logProbs, ids: ids.slice(start), start, promptTokens: ids.length });
      expect(nlls.ok && [...nlls.value.subarray(from)]).toEqual(tokens.slice(from).map(([, value]) => Math.max(0, -value)));
    }),
  );
});

it('believes no reply with another number of entries', () => {
  fc.assert(
    fc.property(prompts, fc.integer({ min: 0, max: 60 }), (tokens, count) => {
      fc.pre(count !== tokens.length);
      const logProbs = Array.from({ length: count }, (_, i) => (i === 0 ? null : -1));
      expect(promptNlls({ ids: tokens.map(([id]) => id), from: 1 }, { logProbs, start: 0 })).toEqual({
        ok: false,
        reason: `gave ${count} ${count === 1 ? 'log-probability' : 'log-probabilities'} for ${tokens.length} prompt tokens`,
      });
    }),
  );
});

it('believes no reply with one token changed', () => {
  fc.assert(
    fc.property(prompts, fc.nat(), (tokens, seed) => {
      const ids = tokens.map(([id]) => id);
      const logProbs = tokens.map(([, value], i) => (i === 0 ? null : value));
      const at = seed % ids.length;
      const other = ids.map((id, i) => (i === at ? id + 1 : id));
      expect(promptNlls({ ids, from: 1 }, { logProbs, ids: other, start: 0 })).toMatchObject({ ok: false });
    }),
  );
});

it.each<[string, readonly (number | null)[] | undefined, number | undefined, string]>([
  ['no list', undefined, undefined, 'gave no log-probabilities of the prompt'],
  ['a number for the first token', [-1, -2, -3], undefined, 'gave -1 for the first token, which has nothing before it'],
  ['null in the middle', [null, null, -3], undefined, 'gave null for token 2, where only the first may have none'],
  ['NaN', [null, Number.NaN, -3], undefined, 'gave NaN for token 2, which is no finite log-probability'],
  ['minus infinity', [null, -2, Number.NEGATIVE_INFINITY], undefined, 'gave -Infinity for token 3, which is no finite log-probability'],
  ["vLLM's minus infinity", [null, -2, -9999], undefined, 'gave -9999 for token 3, which is no finite log-probability'],
  ['a probability above one', [null, 0.2, -3], undefined, 'gave 0.2 for token 2, and no log-probability is above 0'],
  ['another count of its own', [null, -2, -3], 4, 'counted 4 prompt tokens where 3 were sent'],
])('names %s', (_, logProbs, promptTokens, reason) => {
  expect(promptNlls({ ids: [7, 8, 9], from: 1 }, { logProbs, start: 0, promptTokens })).toEqual({ ok: false, reason });
});
