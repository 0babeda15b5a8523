import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LossPlan, lossPresets, type PlanLimits, type PromptTexts } from '../../../src/core/scores/presets/preset';

/** A token is a word with the space before it, a newline, or two newlines: enough for tokens that reach across a joint. */
const pieces = (text: string) => text.match(/\n\n|\n| ?[^\s]+|\s/gu) ?? [];
const vocabulary: string[] = [];
const ids = (text: string) =>
  pieces(text).map((piece) => {
    const known = vocabulary.indexOf(piece);
    return known >= 0 ? known : vocabulary.push(piece) - 1;
  });
const bos = 99_999;
const written = (list: readonly number[]) => list.map((id) => (id === bos ? '<s>' : (vocabulary[id] ?? '?')));

/** Each span as a line: `cond: what precedes it [what is scored]`. */
function readable(preset: keyof typeof lossPresets, texts: PromptTexts, limits: Partial<PlanLimits> = {}): string[] {
  const plan = lossPresets[preset].plan(texts, ids, { contextLength: 4096, ...limits });
  const lines = plan.passes.flatMap((pass) =>
    pass.spans.map(({ part, from, to }) => {
      const head = pass.shared > 0 ? '…' : '';
      return `${part}: ${head}${written(pass.ids.slice(pass.shared, from)).join('')}[${written(pass.ids.slice(from, to)).join('|')}]`;
    }),
  );
  return plan.reason === undefined ? lines : [...lines, plan.reason];
}

describe('superfiltering', () => {
  it.each<[string, PromptTexts, Partial<PlanLimits>, string[]]>([
    ['scores n given the prompt and n−1 alone', { prompt: 'Say a b', response: 'c d e' }, {}, ['cond: Say a b\n[c| d| e]', 'prompt: Say[ a| b]', 'direct: c[ d| e]']],
    ['has an input on a line of its own, as the prompt already does', { prompt: 'Add\n1 2', input: '1 2', response: '3 .' }, {}, ['cond: Add\n1 2\n[3| .]', 'prompt: Add[\n|1| 2]', 'direct: 3[ .]']],
    ['never puts a BOS', { prompt: 'a b', response: 'c d' }, { bos }, ['cond: a b\n[c| d]', 'prompt: a[ b]', 'direct: c[ d]']],
    ['cuts the response alone to as many scored tokens as fit behind the prompt', { prompt: 'a b', response: 'c d e f' }, { contextLength: 5 }, ['cond: a b\n[c| d]', 'prompt: a[ b]', 'direct: c[ d| e]']],
    ['has one token left', { prompt: 'a b', response: 'c d e f' }, { contextLength: 4 }, ['cond: a b\n[c]', 'prompt: a[ b]', 'direct: c[ d]']],
    ['has none left', { prompt: 'a b', response: 'c d e f' }, { contextLength: 3 }, ['prompt: a[ b]', 'the prompt fills the window of 3 tokens']],
    ['cuts a long prompt for its own loss', { prompt: 'a b c d', response: 'e f' }, { contextLength: 3 }, ['prompt: a[ b| c]', 'the prompt fills the window of 3 tokens']],
    ['has no loss for an empty response', { prompt: 'a b', response: '' }, {}, ['prompt: a[ b]', 'response has 0 tokens']],
    ['has no unconditional loss for one token', { prompt: 'a b', response: 'c' }, {}, ['cond: a b\n[c]', 'prompt: a[ b]', 'response has 1 token']],
    ['has no loss of a prompt of one token', { prompt: 'a', response: 'c d' }, {}, ['cond: a\n[c| d]', 'direct: c[ d]', 'prompt has 1 token']],
    ['has no loss of an empty prompt', { prompt: '', response: 'c d' }, {}, ['cond: \n[c| d]', 'direct: c[ d]', 'prompt has 0 tokens']],
    ['starts at the count of the tokens before the response, where two newlines are one token', { prompt: 'a b', response: '\nc d' }, {}, ['cond: a b\n\n[c| d]', 'prompt: a[ b]', 'direct: \n[c| d]']],
    ['has nothing given the prompt when the joint swallows the response', { prompt: 'a b', response: '\n' }, {}, ['prompt: a[ b]', 'the response has no token of its own after the prompt']],
    ['scores the prompt by itself where its end is cut otherwise in the whole', { prompt: 'a b\n', response: 'c d' }, {}, ['cond: a b\n\n[c| d]', 'direct: c[ d]', 'prompt: a[ b|\n]']],
    ['takes the last occurrence of the response', { prompt: 'c d', response: 'c d' }, {}, ['cond: c d\n[c| d]', 'prompt: c[ d]', 'direct: c[ d]']],
  ])('%s', (_, texts, limits, lines) => {
    expect(readable('superfiltering', texts, limits)).toEqual(lines);
  });

  it('uses 1,024 tokens of a larger context', () => {
    const plan = lossPresets.superfiltering.plan({ prompt: 'a', response: ' x'.repeat(3000) }, ids, { contextLength: 8192 });
    expect(plan.passes.map((pass) => pass.ids.length)).toEqual([1024, 1023]);
  });
});

describe('cherry', () => {
  const header = '### Response:';
  it.each<[string, PromptTexts, Partial<PlanLimits>, string[]]>([
    ['scores the same n tokens with and without the prompt', { prompt: 'Say a', response: ' c d' }, { bos }, [`cond: …\nSay a\n\n${header}[ c| d]`, 'prompt: …\n[Say| a]', `direct: <s>${header}[ c| d]`]],
    ['has no BOS where the tokenizer puts none', { prompt: 'Say a', response: ' c' }, {}, [`cond: …\nSay a\n\n${header}[ c]`, 'prompt: …\n[Say| a]', `direct: ${header}[ c]`]],
    ['tells instruction and input apart', { prompt: 'Add\n1 2', input: '1 2', response: ' 3' }, {}, [`cond: …\nAdd\n\n### Input:\n1 2\n\n${header}[ 3]`, 'prompt: …\n[Add|\n\n|###| Input:|\n|1| 2]', `direct: ${header}[ 3]`]],
    ['takes an input without an instruction', { prompt: '1 2', input: '1 2', response: ' 3' }, {}, [`cond: …\n\n\n### Input:\n1 2\n\n${header}[ 3]`, 'prompt: …\n\n[\n|###| Input:|\n|1| 2]', `direct: ${header}[ 3]`]],
    ['has everything before the response in the instruction', { prompt: 'Be kind.\nHello\nHi\nBye', response: ' c' }, {}, [`cond: …\nBe kind.\nHello\nHi\nBye\n\n${header}[ c]`, 'prompt: …\n[Be| kind.|\n|Hello|\n|Hi|\n|Bye]', `direct: ${header}[ c]`]],
    ['skips an empty response', { prompt: 'Say a', response: '' }, {}, ['skipped: response has 0 tokens']],
    ['skips what does not fit', { prompt: 'Say a', response: ' c d e' }, { contextLength: 27 }, ['skipped: prompt and response have 28 tokens, the window holds 27']],
    ['keeps what just fits', { prompt: 'Say a', response: ' c d e' }, { contextLength: 28 }, [`cond: …\nSay a\n\n${header}[ c| d| e]`, 'prompt: …\n[Say| a]', `direct: ${header}[ c| d| e]`]],
    ['skips what has no room for a response', { prompt: 'Say a', response: ' c d e' }, { contextLength: 25 }, ['skipped: the prompt fills the window of 25 tokens']],
    ['has no loss of an empty prompt', { prompt: '', response: ' c' }, {}, [`cond: …\n\n\n${header}[ c]`, `direct: ${header}[ c]`, 'prompt has 0 tokens']],
  ])('%s', (_, texts, limits, lines) => {
    expect(readable('cherry', texts, limits)).toEqual(lines);
  });

  it('shares the head of the template between records', () => {
    const plans = ['Say a', '\nSay', ' b'].map((prompt) => lossPresets.cherry.plan({ prompt, response: ' c' }, ids, { contextLength: 512, bos }));
    const heads = plans.map(({ passes: [first] }) => written(first?.ids.slice(0, first.shared) ?? []).join(''));
    expect(new Set(heads)).toEqual(new Set(['<s>Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:']));
  });

  it('uses 512 tokens of a larger context', () => {
    const plan = lossPresets.cherry.plan({ prompt: 'a', response: ' x'.repeat(600) }, ids, { contextLength: 8192 });
    expect(plan.reason).toMatch(/^skipped: prompt and response have \d+ tokens, the window holds 512$/u);
  });
});

describe.each(['superfiltering', 'cherry'] as const)('every plan of %s', (name) => {
  const preset = lossPresets[name];
  const word = fc.constantFrom('a', ' b', ' c', '\n', '\n\n', ' ', 'd', '### Response:', '😀', '\ud800');
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(''));
  const limits = fc.record({ contextLength: fc.integer({ min: 1, max: 80 }), bos: fc.constantFrom(bos, undefined) });
  const exchange = fc.record({ prompt: text, input: fc.option(text, { nil: undefined }), response: text });

  function plan({ prompt, input, response }: { prompt: string; input: string | undefined; response: string }, { contextLength, bos: first }: { contextLength: number; bos: number | undefined }) {
    const texts: PromptTexts = input === undefined ? { prompt, response } : { prompt: `${prompt}\n${input}`, input, response };
    const asked = new Set<string>();
    const made: LossPlan = preset.plan(texts, (one) => (asked.add(one), ids(one)), { contextLength, ...(first !== undefined && { bos: first }) });
    return { texts, made, asked };
  }

  it('has spans inside passes inside the window, each part once, and a reason for what is absent', () => {
    fc.assert(
      fc.property(exchange, limits, (one, bounds) => {
        const { texts, made, asked } = plan(one, bounds);
        const parts = made.passes.flatMap(({ spans }) => spans.map(({ part }) => part));
        expect(new Set(parts).size).toBe(parts.length);
        expect(parts.length < 3).toBe(made.reason !== undefined);
        for (const pass of made.passes) {
          expect(pass.spans.length).toBeGreaterThan(0);
          expect(pass.ids.length).toBeLessThanOrEqual(Math.min(bounds.contextLength, preset.maxTokens));
          expect(pass.ids.slice(pass.lead)).toEqual(ids(pass.text).slice(0, pass.ids.length - pass.lead));
          for (const { from, to } of pass.spans) {
            expect(from).toBeGreaterThanOrEqual(1);
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(pass.ids.length);
          }
        }
        for (const one of asked) expect(preset.texts(texts)).toContain(one);
      }),
      { numRuns: 500 },
    );
  });

  it('scores as many tokens without the prompt as the procedure says', () => {
    fc.assert(
      fc.property(exchange, limits, (one, bounds) => {
        const { made } = plan({ ...one, response: `w${one.response}` }, bounds);
        const length = (wanted: string) => made.passes.flatMap(({ spans }) => spans).find(({ part }) => part === wanted);
        const [cond, direct] = [length('cond'), length('direct')];
        if (cond === undefined || direct === undefined) return;
        const difference = cond.to - cond.from - (direct.to - direct.from);
        // Superfiltering has one less, but for a response that the window cuts: then both fill it.
        expect(name === 'cherry' ? [0] : [0, 1]).toContain(difference);
      }),
      { numRuns: 500 },
    );
  });
});
