import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRefineMessages, parseRefineReply } from '../../../src/core/prompts/refine';
import type { Turn } from '../../../src/core/record/conversation';

describe('asking for a better answer', () => {
  it('shows the checker the instruction, its input, the answer and the two steps', () => {
    const prompt: readonly Turn[] = [
      { role: 'user', part: 'instruction', text: 'Name the capital.', path: ['instruction'] },
      { role: 'user', part: 'input', text: 'France', path: ['input'] },
    ];
    const [system, user, ...rest] = buildRefineMessages(prompt, 'paris');
    expect(system).toMatchObject({ role: 'system', content: expect.stringContaining('picky quality checker') as string });
    expect(user).toEqual({
      role: 'user',
      content: `[Instruction]
Name the capital.

[Input]
France

[Answer]
paris

Do two things.
(1) Say why the answer is not good. Look at its helpfulness, relevance, accuracy, level of detail and structure.
(2) Write a better answer with the same content, improved on each of these points. Put nothing but the better answer between the two marks, like this:
[Better Answer]
the better answer
[End]`,
    });
    expect(rest).toEqual([]);
  });

  it('quotes system text and earlier turns with their roles', () => {
    const prompt: readonly Turn[] = [
      { role: 'system', text: 'Be brief.', path: ['messages', 0] },
      { role: 'user', text: 'Hi', path: ['messages', 1] },
      { role: 'assistant', text: 'Hello', path: ['messages', 2] },
      { role: 'user', text: 'Bye', path: ['messages', 3] },
    ];
    expect(buildRefineMessages(prompt, 'Farewell')[1]?.content).toMatch(
      /^\[Conversation so far\]\nSystem: Be brief\.\n\nUser: Hi\n\nAssistant: Hello\n\n\[Instruction\]\nBye\n\n\[Answer\]\nFarewell\n\n/,
    );
  });
});

describe('reading the reply', () => {
  it.each([
    ['It is short.\n[Better Answer]\nParis is the capital.\n[End]\nDone.', 'Paris is the capital.'],
    ['[Better Answer] a [b] c [End]', 'a [b] c'],
    ['[Better Answer]\nline one\n\nline two\n[End]', 'line one\n\nline two'],
  ])('takes the one segment of %j', (reply, value) => {
    expect(parseRefineReply(reply)).toEqual({ ok: true, value });
  });

  it.each([
    ['It is fine as it is.', 'the reply holds no [Better Answer] … [End] segment'],
    ['[Better Answer] Paris', 'the reply holds no [Better Answer] … [End] segment'],
    ['[End] Paris [Better Answer]', 'the reply holds no [Better Answer] … [End] segment'],
    ['[Better Answer] \n\t [End]', 'the better answer in the reply is empty'],
    ['[Better Answer] a [End] [Better Answer] b [End]', 'the reply holds 2 [Better Answer] … [End] segments instead of one'],
    ['[Better Answer] a [Better Answer] b [End]', 'the reply opens [Better Answer] twice before [End]'],
    ['[Better Answer] a [End] or rather [Better Answer] b', 'the reply opens or closes a segment more than once'],
    ['[Better Answer] a [End] b [End]', 'the reply opens or closes a segment more than once'],
  ])('refuses %j', (reply, reason) => {
    expect(parseRefineReply(reply)).toEqual({ ok: false, reason });
  });

  it('gives back any text without the marks that stands between them', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => text.trim() !== '' && !/\[Better Answer\]|\[End\]/.test(text));
    fc.assert(
      fc.property(plain, plain, (better, before) => {
        expect(parseRefineReply(`${before}\n[Better Answer]\n${better}\n[End]`)).toEqual({ ok: true, value: better.trim() });
      }),
    );
  });
});
