import { expect, it } from 'vitest';
import { buildJudgeMessages, parseJudgeReply } from '../../../src/core/prompts/judge';
import { buildPairMessages, combineOrders, parsePairReply } from '../../../src/core/prompts/judgePair';

it('shows the judge the instruction, its input and the response, and then the rubric', () => {
  expect(buildJudgeMessages({ prompt: 'Name the capital.\nFrance', input: 'France', response: 'Paris' })).toEqual([
    {
      role: 'system',
      content: `You give feedback on how an AI assistant responded to the instruction and the input below.

[Instruction]
Name the capital.

[Input]
France

[Response]
Paris`,
    },
    {
      role: 'user',
      content: `Rate the accuracy of the response to the instruction and its input, on a scale from 0 to 5; a higher number means higher accuracy.
Write the number alone on the first line. On the lines after it explain your rating, and avoid any bias.`,
    },
  ]);
});

it.each([
  [{ prompt: 'Name a fruit.' }, '[Instruction]\nName a fruit.\n\n'],
  [{ prompt: 'Name a fruit.', input: '' }, '[Instruction]\nName a fruit.\n\n'],
  [{ prompt: 'Name a fruit.', input: 'a vegetable' }, '[Instruction]\nName a fruit.\n\n'],
])('shows %j as an instruction alone', (prompt, shown) => {
  expect(buildJudgeMessages({ ...prompt, response: 'Pear' })[0]?.content).toContain(shown);
});

it.each<[string, number | string]>([
  ['4.5\nAccurate throughout.', 4.5],
  ['0', 0],
  ['5.0\r\nPerfect.', 5],
  ['\n\n  3  \nFair.', 3],
  ['**4**\nGood.', 4],
  ['Score: 4\nGood.', 4],
  ['**Score:** 3.5\nFair.', 3.5],
  ['The answer is right.\nscore: 2', 2],
  ['SCORE : 4/5', 4],
  ['5.5', 'the judge gave 5.5, outside the scale from 0 to 5'],
  ['-1\nHarmful.', 'the judge gave -1, outside the scale from 0 to 5'],
  ['score: 10', 'the judge gave 10, outside the scale from 0 to 5'],
  ['4 out of 5', 'the judge gave no number on its first line and none after "score:"'],
  ['Four', 'the judge gave no number on its first line and none after "score:"'],
  ['Good.\n4', 'the judge gave no number on its first line and none after "score:"'],
  ['', 'the judge gave no number on its first line and none after "score:"'],
  ['NaN', 'the judge gave no number on its first line and none after "score:"'],
])('reads %j', (reply, expected) => {
  const rating = parseJudgeReply(reply);
  expect(rating.ok ? rating.value : rating.reason).toBe(expected);
});

it('shows the responses of a pair in the order asked for', () => {
  const [, user] = buildPairMessages({ prompt: 'Name a fruit.' }, 'A pear.', 'A rock.');
  expect(user?.content).toMatch(/^\[Instruction\]\nName a fruit\.\n\n\[Response 1\]\nA pear\.\n\n\[Response 2\]\nA rock\.\n\nCompare /);
});

it.each<[string, string]>([
  ['8 7\nThe first is better.', 'first'],
  ['6 9', 'second'],
  ['7.5 7.5', 'tie'],
  ['8, 7', 'first'],
  ['**3** / **4**', 'second'],
  ['8', 'the judge gave no two scores on its first line'],
  ['8 7 6', 'the judge gave no two scores on its first line'],
  ['Response 1 is better.\n8 7', 'the judge gave no two scores on its first line'],
  ['0 7', 'the judge gave 0 and 7, outside the scale from 1 to 10'],
  ['80 70', 'the judge gave 80 and 70, outside the scale from 1 to 10'],
  ['', 'the judge gave no two scores on its first line'],
])('reads the pair reply %j', (reply, expected) => {
  const verdict = parsePairReply(reply);
  expect(verdict.ok ? verdict.value : verdict.reason).toBe(expected);
});

it.each([
  ['first', 'second', 'first', true],
  ['second', 'first', 'second', true],
  ['tie', 'tie', 'tie', true],
  ['first', 'first', 'tie', false],
  ['second', 'second', 'tie', false],
  ['first', 'tie', 'tie', false],
  ['tie', 'second', 'tie', false],
] as const)('takes %s as given and %s swapped for %s', (asGiven, swapped, verdict, agreed) => {
  expect(combineOrders(asGiven, swapped)).toEqual({ verdict, agreed });
});
