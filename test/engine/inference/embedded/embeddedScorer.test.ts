import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/r50k_base';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEmbedded } from '../../../../src/engine/inference/embedded/embeddedScorer';
import type { EmbeddedScorer } from '../../../../src/engine/inference/embedded/embeddedScorer';
import { sharedData } from '../../../support/sharedData';

const models = fileURLToPath(new URL('../../../../models', import.meta.url));
let scorer: EmbeddedScorer;
beforeAll(async () => {
  scorer = await loadEmbedded(models);
});

const exchange = (prompt: string, response: string) => ({ key: '', prompt, response });
const reward = (prompt: string, response: string): number => scorer.measureReward(exchange(prompt, response)).value ?? Number.NaN;

const prompt = 'Explain why bread rises when it is baked.';
const good =
  'Bread rises because yeast feeds on the sugars in the dough and gives off carbon dioxide. The gas is trapped in a net of gluten, so the dough swells. In the oven the gas expands with the heat until the crust sets and holds the shape.';

describe('the scorer', () => {
  it('states how well it agrees with what it estimates', () => {
    expect(scorer.lossFact.estimate && scorer.rewardFact.estimate).toBe(true);
    expect(scorer.lossFact.agreement).toMatch(/^Spearman \.\d\d with GPT-2's IFD \(cross-validated on 1222 published rows\)$/u);
    expect(scorer.rewardFact.agreement).toMatch(/^agrees with GPT-4 reviews on \d\d % of 217 pairs/u);
  });
});

describe('losses', () => {
  it("count GPT-2's tokens: all of the response given the prompt, all but the first alone", () => {
    const measured = scorer.measureLoss(exchange(prompt, good));
    const n = encode(good).length;
    expect(measured.cond?.tokens).toBe(n);
    expect(measured.direct?.tokens).toBe(n - 1);
    expect(measured.prompt?.tokens).toBe(encode(prompt).length - 1);
    expect(measured.reason).toBeUndefined();
  });

  it.each([
    ['a blank prompt', '', 'It does.', { cond: true, direct: true, prompt: false, reason: 'prompt has 0 tokens' }],
    ['a one-token response', prompt, 'Yes', { cond: true, direct: false, prompt: true, reason: 'response has 1 token' }],
    ['no response', prompt, '', { cond: false, direct: false, prompt: true, reason: 'response has 0 tokens' }],
    ['two tokens', prompt, 'Yes.', { cond: true, direct: true, prompt: true, reason: undefined }],
  ])('%s', (_, asked, response, expected) => {
    const { cond, direct, prompt: own, reason } = scorer.measureLoss(exchange(asked, response));
    expect({ cond: cond !== undefined, direct: direct !== undefined, prompt: own !== undefined, reason }).toEqual(expected);
  });

  it('need only the response for the loss of the response alone', () => {
    expect(scorer.measureLoss(exchange('One prompt.', good)).direct).toEqual(scorer.measureLoss(exchange('Quite another prompt!', good)).direct);
  });

  it('fall when the prompt already holds the response', () => {
    const mean = (asked: string): number => {
      const { cond } = scorer.measureLoss(exchange(asked, good));
      return cond === undefined ? Number.NaN : cond.sum / cond.tokens;
    };
    expect(mean(`Repeat this text:\n${good}`)).toBeLessThan(0.8 * mean('Name a famous bridge.'));
  });

  it('are the same whether or not the prompt tells its input apart, as the key of the record is', () => {
    const asked = exchange('Make it shorter.\nThe cat that we own sat on the old mat.', 'Our cat sat on the mat.');
    expect(scorer.measureLoss({ ...asked, input: 'The cat that we own sat on the old mat.' })).toEqual(scorer.measureLoss(asked));
  });

  it('cut to the 1,024 tokens that GPT-2 reads', () => {
    const { cond, direct } = scorer.measureLoss(exchange('Count.', 'one two three four five '.repeat(2000)));
    expect(cond?.tokens).toBe(1024 - encode('Count.').length);
    expect(direct?.tokens).toBe((cond?.tokens ?? 0) - 1);
  });
});

describe('reward', () => {
  it.each([
    ['an answer to something else', 'The Golden Gate Bridge is a suspension bridge in San Francisco that opened in 1937. It links the city to Marin County and is painted orange so that ships can see it in fog.'],
    ['a broken-off copy', good.slice(0, 120)],
    ['the same text three times', `${good} ${good} ${good}`],
    ['a garbled copy', good.replaceAll('e', 'Ã©').replaceAll('a', '\ufffd')],
    ['a refusal', "I'm sorry, but as an AI language model I cannot help with baking questions."],
    ['two words', 'It rises.'],
    ['template text', '### Instruction:\nExplain why bread rises.\n### Response:\n<|im_end|>'],
    ['nothing', '  \n'],
  ])('is lower for %s', (_, worse) => {
    expect(reward(prompt, worse)).toBeLessThan(reward(prompt, good) - 0.05);
  });

  it.each([
    ['a short answer', 'Write a story about a lighthouse keeper.', 'Yes', '− very short for a "write" instruction'],
    ['a short answer to a question', 'What is the difference between a lake and a pond?', 'A lake is bigger than a pond is.', '− short for a question'],
    ['another subject', prompt, 'Our museum opens at nine on Mondays and shows paintings by Dutch masters from the seventeenth century.', '− no overlap with the prompt'],
    ['a loop', prompt, `${good} ${'The crust sets. '.repeat(40)}`, '− repeats itself'],
    ['a cut', prompt, 'Bread rises because yeast gives off gas, and the gas is trapped in the dough by the', '− breaks off at the end'],
    ['a sound answer', prompt, good, '+ ends cleanly'],
    ['a blank', prompt, '', '− empty response'],
    ['a refusal', prompt, "I'm sorry, but I cannot help with that.", '− refuses or asks back'],
    ['too few items', 'List ten animals that live in the sea.', '1. The whale lives in the sea.\n2. The shark lives in the sea.', '− gives another number of items than asked'],
    ['prose for a poem', 'Write a poem about winter in the mountains.', 'Winter in the mountains is cold and white, and the snow lies deep.', '− asked for verse, gives prose'],
    ['an overlong answer', 'Explain in at most 10 words why bread rises.', good, '− longer than the asked-for limit'],
    ['hollow words', prompt, `Bread rises, ${'and bread rises, '.repeat(60)}and that is why.`, '− says little for its length'],
  ])('explains %s', (_, asked, response, reason) => {
    const { reasons } = scorer.explainReward(exchange(asked, response));
    expect(reasons.map(({ text, effect }) => `${effect > 0 ? '+' : '−'} ${text}`)).toContain(reason);
  });

  it('does not contradict itself about length', () => {
    const rows = readFileSync('examples/sample.jsonl', 'utf8').split('\n').flatMap((line) => {
      const row = line.startsWith('{') ? (JSON.parse(line) as { instruction?: unknown; output?: unknown }) : {};
      return typeof row.instruction === 'string' && typeof row.output === 'string' ? [{ instruction: row.instruction, output: row.output }] : [];
    });
    expect(rows.length).toBeGreaterThan(30);
    for (const { instruction, output } of rows) {
      const { reasons } = scorer.explainReward(exchange(instruction, output));
      const about = reasons.filter(({ text }) => /short for|long enough|detailed|little for its length/.test(text));
      expect(about.length, about.map(({ text }) => text).join(' · ')).toBeLessThan(2);
    }
  });

  it('explains the value it measures, strongest reason first', () => {
    const { value, reasons } = scorer.explainReward(exchange(prompt, good));
    expect(value).toBe(reward(prompt, good));
    const strengths = reasons.map(({ effect }) => Math.abs(effect));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
  });
});

describe('hostile text', () => {
  it.each([
    ['5 MB of one letter', 'a'.repeat(5_000_000)],
    ['5 MB of spaces', ' '.repeat(5_000_000)],
    ['5 MB of words', 'word after word '.repeat(312_500)],
    ['5 MB of line breaks', '\n'.repeat(5_000_000)],
    ['lone surrogates', '\ud800\udc00\ud800 \udfff'],
    ['controls', '\u0000\u0007\u001b[31m'.repeat(1000)],
    ['special tokens', '<|endoftext|>'.repeat(500)],
  ])('%s, in the prompt and in the response', { timeout: 60_000 }, (_, text) => {
    for (const item of [exchange('Say something.', text), exchange(text, 'Something.'), exchange(text, text)]) {
      const loss = scorer.measureLoss(item);
      for (const part of [loss.cond, loss.direct, loss.prompt]) {
        if (part !== undefined) expect(part.sum / part.tokens).toSatisfy((mean: number) => mean >= 0 && mean <= 14);
      }
      expect(scorer.measureReward(item).value).toSatisfy((value: number) => value >= 0 && value <= 1);
    }
  });

  it('always gives finite numbers, and the same ones again in any order', () => {
    const text = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('the ', 'Paris ', '\n', '- ', '42', '. ', 'Ã©')), maxLength: 60 });
    fc.assert(
      fc.property(text, text, (asked, response) => {
        const item = exchange(asked, response);
        const before = [scorer.measureLoss(item), scorer.measureReward(item)];
        scorer.measureLoss(exchange(response, asked));
        expect([scorer.measureLoss(item), scorer.measureReward(item)]).toEqual(before);
        expect(JSON.stringify(before)).not.toContain('null');
      }),
      { numRuns: 100 },
    );
  });
});

const published = sharedData('ifd_gpt2_dev.jsonl');
const teachers = sharedData('alpaca_eval_14_teachers_wide.jsonl');

describe('against published values', () => {
  it.skipIf(published === undefined)("is undefined where GPT-2's loss is, and its median IFD is GPT-2's within .05", { timeout: 60_000 }, () => {
    const rows = lines<{ instruction: string; input: string; output: string; ppl_A_direct: number | null; ifd_ppl: number | null }>(published);
    const estimated: number[] = [];
    const real: number[] = [];
    for (const row of rows) {
      const asked = row.input === '' ? row.instruction : `${row.instruction}\n${row.input}`;
      const { cond, direct } = scorer.measureLoss(exchange(asked, row.output));
      expect(direct === undefined).toBe(row.ppl_A_direct === null);
      if (cond === undefined || direct === undefined || row.ifd_ppl === null) continue;
      estimated.push(Math.exp(cond.sum / cond.tokens - direct.sum / direct.tokens));
      real.push(row.ifd_ppl);
    }
    expect(estimated).toHaveLength(1222);
    expect(Math.abs(median(estimated) - median(real))).toBeLessThan(0.05);
  });

  it.skipIf(teachers === undefined)('puts the adversarial constant answer last, by reward and by CAR', { timeout: 120_000 }, () => {
    const sums = new Map<string, { reward: number; loss: number; n: number }>();
    for (const row of lines<{ instruction: string; outputs: Record<string, string | null> }>(teachers).slice(0, 120)) {
      for (const [teacher, response] of Object.entries(row.outputs)) {
        const cond = response === null ? undefined : scorer.measureLoss(exchange(row.instruction, response)).cond;
        if (response === null || cond === undefined) continue;
        const sum = sums.get(teacher) ?? { reward: 0, loss: 0, n: 0 };
        sums.set(teacher, { reward: sum.reward + reward(row.instruction, response), loss: sum.loss + cond.sum / cond.tokens, n: sum.n + 1 });
      }
    }
    const last = (score: (sum: { reward: number; loss: number; n: number }) => number): string | undefined =>
      [...sums].sort(([, a], [, b]) => score(b) - score(a)).at(-1)?.[0];
    expect(last(({ reward: r, n }) => r / n)).toBe('NullModel');
    expect(last(({ reward: r, loss, n }) => r / n / (1 + (3 * loss) / n))).toBe('NullModel');
  });
});

function lines<Row>(file: string | undefined): Row[] {
  if (file === undefined) return [];
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
