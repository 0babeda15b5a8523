import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/core/scores/catalogue';
import { rankTeachers } from '../../../src/core/teachers/ranking';
import type { TeacherAnswer, TeacherSheet } from '../../../src/core/teachers/teacherSheet';
import { renderRanking } from '../../../src/core/teachers/rankingReport';

interface Answer {
  readonly reward?: number;
  readonly loss?: number;
  readonly response?: string;
}

/** A teacher's answers to the prompts named. */
function sheet(teacher: string, answers: Readonly<Record<string, Answer>>): TeacherSheet {
  const rows = Object.entries(answers).map(([prompt, { reward, loss, response = `${teacher} on ${prompt}` }]): [string, TeacherAnswer] => {
    const measurement: Measurement = {
      key: `${teacher} ${prompt}`,
      length: { words: 10, tokens: response.length, chars: response.length, tokenizer: 'o200k_base' },
      reward: { scorer: 'judge', ...(reward === undefined ? { reason: 'no rating' } : { value: reward }) },
      loss: { scorer: 'gpt2', ...(loss === undefined ? { reason: 'response is empty' } : { cond: { sum: loss * 10, tokens: 10 }, direct: { sum: loss * 20, tokens: 10 } }) },
    };
    return [prompt, { measurement, response }];
  });
  return { teacher, rows: new Map(rows) };
}

const options = { beta: 3, offset: 'min' } as const;

describe('rankTeachers', () => {
  it('computes CAR as a ratio of means, best first', () => {
    const ranking = rankTeachers([sheet('plain', { a: { reward: 2, loss: 1 }, b: { reward: 4, loss: 1 } }), sheet('close', { a: { reward: 10, loss: 0.5 }, b: { reward: 14, loss: 1.5 } })], options);
    expect(ranking).toMatchObject({ records: 2, instructions: 2, dropped: {}, beta: 3, offset: 0 });
    expect(ranking.teachers.map(({ teacher, n, car, reward, loss }) => ({ teacher, n, car, reward, loss }))).toEqual([
      { teacher: 'close', n: 2, car: 3, reward: 12, loss: 1 },
      { teacher: 'plain', n: 2, car: 0.75, reward: 3, loss: 1 },
    ]);
    expect(ranking.teachers[0]?.perplexity).toBeCloseTo(Math.E, 9);
    expect(ranking.teachers[0]?.['ifd.ppl']).toBeCloseTo((Math.exp(-0.5) + Math.exp(-1.5)) / 2, 9);
  });

  it('compares on the instructions that all answered, and says who lacks how many', () => {
    const row = { reward: 1, loss: 1 };
    const ranking = rankTeachers([sheet('whole', { a: row, b: row, c: row }), sheet('phi-2', { a: row })], options);
    expect(ranking).toMatchObject({ records: 1, instructions: 3, dropped: { 'phi-2': 2 } });
    expect(ranking.teachers.map(({ n }) => n)).toEqual([1, 1]);
  });

  it('shifts all teachers by one offset when any reward is negative', () => {
    const sheets = [sheet('low', { a: { reward: -2, loss: 1 } }), sheet('high', { a: { reward: 6, loss: 1 } })];
    const shifted = rankTeachers(sheets, options);
    expect(shifted.offset).toBe(2);
    expect(shifted.teachers.map(({ teacher, car, reward }) => [teacher, car, reward])).toEqual([
      ['high', 2, 6],
      ['low', 0, -2],
    ]);
    const refused = rankTeachers(sheets, { beta: 3, offset: 'none' });
    expect(refused).toMatchObject({ offset: null, notes: ['CAR is undefined: some rewards are negative and the offset is none.'] });
    expect(refused.teachers.map((teacher) => 'car' in teacher)).toEqual([false, false]);
  });

  it('leaves an undefined loss or reward out of its mean and counts it', () => {
    const [teacher] = rankTeachers([sheet('t', { a: { reward: 1, loss: 1 }, b: { reward: 3 }, c: { loss: 3 } })], options).teachers;
    expect(teacher).toMatchObject({ n: 3, reward: 2, loss: 2, car: 2 / 7, undefined: { reward: 1, loss: 1, 'ifd.ppl': 1 } });
  });

  it('puts teachers without a CAR last', () => {
    const ranking = rankTeachers([sheet('mute', { a: { reward: 1 } }), sheet('t', { a: { reward: 0, loss: 1 } })], options);
    expect(ranking.teachers.map(({ teacher, car }) => [teacher, car])).toEqual([
      ['t', 0],
      ['mute', undefined],
    ]);
  });

  it.each<[string, (string | undefined)[], string[]]>([
    ['one answer to everything', ['Same.', 'Same.', 'Same.', 'Same.'], ['the same response everywhere']],
    ['one answer to most', ['Same.', 'Same.', 'Same.', 'Other.'], ['the same response to 3 of 4 instructions']],
    ['empty answers', ['', '  ', 'A.', 'B.'], ['2 empty responses']],
    ['different answers', ['A.', 'B.', 'C.', 'D.'], []],
  ])('warns of %s', (_, responses, warnings) => {
    const answers = Object.fromEntries(responses.map((response, index) => [`p${index}`, { reward: 1, loss: 1, ...(response !== undefined && { response }) }]));
    expect(rankTeachers([sheet('t', answers)], options).teachers[0]?.warnings).toEqual(warnings);
  });

  it('warns of what was left out of a file', () => {
    const file = { ...sheet('t', { a: { reward: 1, loss: 1 } }), duplicates: 2, invalid: 1 };
    expect(rankTeachers([file], options).teachers[0]?.warnings).toEqual(['2 further answers to the same instructions left out', '1 unreadable line left out']);
  });

  it.each([
    ["I'm sorry, but I can't help with that.", 1],
    ['I’m unable to browse the web.', 1],
    ['As an AI language model, I cannot feel joy.', 1],
    ['I cannot provide that.', 1],
    ['The cat cannot swim.', 0],
    ['Sorry about the delay! Here is the list.', 0],
    ['Whales are mammals.', 0],
  ])('reads %j as %i refusals', (response, refusals) => {
    expect(rankTeachers([sheet('t', { a: { reward: 1, loss: 1, response } })], options).teachers[0]?.refusals).toBe(refusals);
  });

  it('reports how far two columns agree over the teachers', () => {
    const sheets = [3, 2, 1].map((reward, index) => sheet(`t${index}`, { a: { reward, loss: index + 1 } }));
    const { spearman } = rankTeachers(sheets, options);
    expect(spearman).toMatchObject({ 'car~reward': 1, 'car~loss': -1, 'reward~loss': -1, 'loss~perplexity': 1 });
    expect(Object.keys(spearman).filter((pair) => pair.startsWith('car~'))).toEqual(['car~reward', 'car~loss', 'car~ifd.ppl', 'car~perplexity']);
  });

  it('tells teachers apart only where their intervals do', () => {
    const noisy = (teacher: string, level: number): TeacherSheet => sheet(teacher, Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, { reward: level + (index % 2), loss: 1 }])));
    const ranking = rankTeachers([noisy('a', 1), noisy('b', 1.01), noisy('c', 4)], options);
    expect(ranking.teachers.map(({ teacher }) => teacher)).toEqual(['c', 'b', 'a']);
    expect(ranking.indistinct).toEqual([['b', 'a']]);
    for (const { car = NaN, 'car.interval': interval } of ranking.teachers) {
      expect(interval?.[0]).toBeLessThan(car);
      expect(interval?.[1]).toBeGreaterThan(car);
    }
  });

  it('never prints a number that is none', () => {
    const answer = fc.record({ reward: fc.double(), loss: fc.double() }, { requiredKeys: [] });
    const answers = fc.dictionary(fc.constantFrom('a', 'b', 'c'), answer);
    fc.assert(
      fc.property(fc.array(answers, { maxLength: 4 }), fc.constantFrom('min' as const, 'none' as const, 2), (teachers, offset) => {
        const ranking = rankTeachers(teachers.map((rows, index) => sheet(`t${index}`, rows)), { beta: 3, offset });
        const numbers = [...JSON.stringify(ranking, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? 'NOT FINITE' : value)).matchAll(/NOT FINITE/gu)];
        expect(numbers).toEqual([]);
        expect(renderRanking({ ...ranking, notes: [] }, { loss: 'x', reward: 'y' })).not.toMatch(/NaN|Infinity|undefined/u);
      }),
    );
  });
});

describe('renderRanking', () => {
  it('reads as a table with what one should know below it', () => {
    const rows = (level: number, loss: number, count: number): Record<string, Answer> => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { reward: level + (index % 5) / 10, loss }]));
    const same = Object.fromEntries(Array.from({ length: 42 }, (_, index) => [`p${index}`, { reward: 0.1, loss: 0.6, response: 'I cannot say.' }]));
    const ranking = rankTeachers([sheet('NullModel', same), sheet('gemma', rows(0.5, 0.65, 42)), sheet('phi-2', rows(0.49, 0.64, 40))], options);
    expect(renderRanking(ranking, { loss: 'gpt2 (estimate)', reward: 'embedded@1' })).toBe(
      [
        ' base gpt2 (estimate) · reward embedded@1 · β 3 · offset 0 · 40 of 42 instructions (phi-2 lacks 2)',
        '   teacher     n   CAR       [95 %]  reward  loss  IFD  ppl  tokens  words  refusals',
        '1  gemma      40  .237  [.223 .253]     .70   .65  .52  1.9      12     10         0',
        '2  phi-2      40  .236  [.222 .253]     .69   .64  .53  1.9      12     10         0',
        '3  NullModel  40  .036  [.036 .036]     .10   .60  .55  1.8      13     10        40  ⚠ the same response everywhere',
        ' 1 and 2 cannot be told apart on this sample.',
        ' Spearman CAR~reward 1.00, CAR~loss 1.00, CAR~length -.87, CAR~IFD -1.00',
        '',
      ].join('\n'),
    );
  });

  it('keeps hostile names on one line and inside their block', () => {
    const ranking = rankTeachers([sheet('evil\n```\u202e\u001b[31m', { a: { reward: 1, loss: 1 } })], options);
    const text = renderRanking(ranking, { loss: 'x', reward: 'y' });
    for (const hostile of ['`', '\u202e', '\u001b']) expect(text).not.toContain(hostile);
    expect(text.split('\n')).toHaveLength(4);
  });
});
