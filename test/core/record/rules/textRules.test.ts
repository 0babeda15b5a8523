import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../../src/core/record/conversation';
import { findControlCharacter } from '../../../../src/core/record/rules/controlCharacter';
import { findLeakedPrompt } from '../../../../src/core/record/rules/leakedPrompt';
import { findLoneSurrogate } from '../../../../src/core/record/rules/loneSurrogate';
import { findMojibake } from '../../../../src/core/record/rules/mojibake';
import { findRefusal } from '../../../../src/core/record/rules/refusal';
import type { TextFault } from '../../../../src/core/record/rules/textFault';
import { findTruncation } from '../../../../src/core/record/rules/truncatedResponse';

/** The text with the faulty part in ⟦⟧, or as it is. */
function marked(text: string, fault: TextFault | undefined): string {
  return fault ? `${text.slice(0, fault.start)}⟦${text.slice(fault.start, fault.end)}⟧${text.slice(fault.end)}` : text;
}

const user = (text: string): Turn[] => [{ role: 'user', text, path: ['instruction'] }];
const sky = 'Sunlight is scattered by the air. Blue light is scattered more than red because of its';
const long = 'It was a bright cold day in April and the clocks of the town were striking thirteen';

describe('a response looks cut off', () => {
  it.each([
    [sky, '⟦its⟧'],
    [`${long},`, '⟦thirteen,⟧'],
    [`${long} and`, '⟦and⟧'],
    [`${long}. The people of the town looked up from their`, '⟦their⟧'],
    [`${long}. The people of the town looked up again  \n`, '⟦again⟧  \n'],
    [`Here is how it is done in the language that you have asked for:\n\n\`\`\`python\nprint("hello")\n`, '⟦```⟧python\nprint("hello")\n'],
    [`${long}!\n${long}.\nThe people of the town looked up and wondered what that meant`, '⟦meant⟧'],
  ])('%j', (text, end) => {
    expect(marked(text, findTruncation(text)).endsWith(end)).toBe(true);
  });

  it.each([
    ['a short answer', 'Paris, the capital of'],
    ['a sentence', `${long}.`],
    ['a closing quotation', `${long}. “It is late,” she said. “It is very late”`],
    ['a Chinese sentence', '天空之所以是蓝色的，是因为空气对蓝光的散射比对红光强得多。'.repeat(3)],
    ['a Japanese sentence without its stop', '空が青いのは、空気が青い光を赤い光よりも強く散乱させるからだと考えられている'.repeat(3)],
    ['a Hindi sentence', 'आकाश नीला दिखाई देता है क्योंकि हवा नीले प्रकाश को अधिक बिखेरती है।'.repeat(2)],
    ['a list', 'There are several of them. These are the ones that people name most often:\n- one that is short\n- another that goes on for a good while and has no stop'],
    ['a numbered list', 'There are several of them. Here they are.\n1. one that is short\n2. another that goes on for a good while and has no stop'],
    ['verses', 'Roses are red and violets are blue\nSugar is sweet and so are you\nThe night is long and the day is new\nAnd all the stars are shining through'],
    ['a closed code block', 'Here is how it is done in the language that you asked for:\n\n```python\nprint("hello")\n```'],
    ['code without a block', 'def add(a, b):\n    """Add two numbers and return what comes out of it"""\n    return a + b  # and nothing else, as you have asked for'],
    ['an address', 'All of this and much more can be read on the page that you find at https://example.org/sky'],
    ['a formula', 'We add up all the numbers that we have found so far. The total number of apples is 3 + 4 = 7 apples'],
    ['a letter', `${long}. We look forward to seeing you in May. Yours sincerely, Winston Smith of the Ministry`],
    ['a table', `| name | what it does |\n|---|---|\n| one | goes on for a good while and has no stop, as tables do |`],
  ])('but not %s', (_, text) => {
    expect(marked(text, findTruncation(text))).toBe(text);
  });
});

describe('a response is a refusal', () => {
  it.each([
    "I'm sorry, but I can't help with that.",
    'I’m really sorry, but I cannot assist with this request.',
    'Sorry, I am unable to do that.',
    'I apologize, but I do not feel comfortable writing malicious code.',
    'As an AI language model, I do not have personal opinions. However, …',
    'Unfortunately, I cannot provide legal advice.',
    "I'm not able to browse the internet.",
    'This instruction cannot be completed by a GPT language model.',
    'Es tut mir leid, aber ich kann dir dabei nicht helfen.',
    'Je suis désolé, mais je ne peux pas répondre à cette question.',
    'En tant que modèle de langage, je ne peux pas …',
    'Lo siento, pero no puedo ayudarte con eso.',
    'Mi dispiace, ma non posso aiutarti.',
    'Desculpe, mas não posso ajudar com isso.',
    'Извините, но я не могу ответить на этот вопрос.',
    '很抱歉，我无法回答这个问题。',
    '作为一个人工智能语言模型，我没有个人观点。',
    '申し訳ありませんが、そのご質問にはお答えできません。',
    '죄송하지만 그 질문에는 답변할 수 없습니다.',
  ])('%s', (text) => {
    expect(findRefusal(text)).toBeDefined();
  });

  it.each([
    "I'm sorry to hear that you had a bad day. Tell me more.",
    'I am deeply sorry for your loss.',
    "I can't believe it; I've found water on Mars!",
    'I cannot wait to see you.',
    'As an AI judge, I find the robot not guilty.',
    'Sorry is a board game for two to four players.',
    'We apologize for the delay of your order.',
    'As an airline, we cannot fly in a storm.',
    'It is better to be safe than sorry.',
  ])('but not: %s', (text) => {
    expect(findRefusal(text)).toBeUndefined();
  });
});

describe('a response holds its prompt', () => {
  const question = 'Explain in simple words why the sky is blue during the day.';

  it.each([
    [`${question}\nBecause of the air.`, '⟦Explain in simple words why the sky is blue during the day.⟧\nBecause of the air.'],
    [`  ${question} Answer: because of the air.`, '  ⟦Explain in simple words why the sky is blue during the day.⟧ Answer: because of the air.'],
    ['Because of the air.\n\n### Instruction:\nSay more.', 'Because of the air.\n\n⟦### Instruction:⟧\nSay more.'],
    ['Because of the air.<|im_end|>', 'Because of the air.⟦<|im_end|>⟧'],
    ['Because of the air. [/INST]', 'Because of the air. ⟦[/INST]⟧'],
    ['USER: Why? ASSISTANT: Because of the air.', '⟦USER: ⟧Why? ASSISTANT: Because of the air.'],
  ])('%j', (response, expected) => {
    expect(marked(response, findLeakedPrompt(user(question), response))).toBe(expected);
  });

  it.each([
    ['a short question', 'Why is it blue?', 'Why is it blue?\nBecause of the air.'],
    ['a text to go on with', 'Once upon a time there was a king who had three daughters', 'Once upon a time there was a king who had three daughters and no sons.'],
    ['a template that is asked about', 'What does <|im_start|> mean in a chat template of a model?', '<|im_start|> begins a message.'],
    ['headings', question, '### Why\nBecause of the air.\n\n### Instructions for use\nNone.'],
  ])('but not %s', (_, prompt, response) => {
    expect(findLeakedPrompt(user(prompt), response)).toBeUndefined();
  });
});

describe('a text was read in the wrong encoding', () => {
  it.each([
    ['cafÃ© au lait', 'caf⟦Ã©⟧ au lait', 'Ã© should read é'],
    ['donâ€™t', 'don⟦â€™⟧t', 'â€™ should read ’'],
    ['5 Â£ a day', '5 ⟦Â£⟧ a day', 'Â£ should read £'],
    ['ðŸ˜€!', '⟦ðŸ˜€⟧!', 'ðŸ˜€ should read 😀'],
    ['Ð¿Ñ€Ð¸Ð²ÐµÑ‚', '⟦Ð¿Ñ€⟧Ð¸Ð²ÐµÑ‚', 'Ð¿Ñ€ should read пр'],
  ])('%s', (text, expected, message) => {
    const fault = findMojibake(text);
    expect(marked(text, fault)).toBe(expected);
    expect(fault?.message).toContain(message);
  });

  it.each(['São Paulo, Ångström, Ärger, Überfluss, Straße', '„Spaß“ und „groß…“', 'IRMÃ”', 'Â', 'Đặng Thị Ngọc Ân', 'ça coûte 5 €, à «Paris»', 'Привет, мир', '天空是蓝色的', 'naïve — “quoted” text…', 'ÐÑ'])('but not: %s', (text) => {
    expect(findMojibake(text)).toBeUndefined();
  });

  it('whatever the letters are that people write', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Array.from('éàüñçöåßøłčПриветКак中文日本語🙂€')), { minLength: 1, maxLength: 20 }), (letters) => {
        const text = `a ${letters.join('')} z`;
        expect(findMojibake(text)).toBeUndefined();
        const misread = Buffer.from(text, 'utf8').toString('latin1');
        if (letters.some((letter) => 'éàüñçö'.includes(letter) && letter !== 'à')) expect(findMojibake(misread)).toBeDefined();
      }),
    );
  });
});

describe('a text holds a character that nobody sees', () => {
  it.each([
    ['hel\0lo', 'hel⟦\0⟧lo', 'a null character, U+0000'],
    ['a\u001b[31mb', 'a⟦\u001b⟧[31mb', 'an escape character, U+001B'],
    ['user\u202etxt.exe', 'user⟦\u202e⟧txt.exe', 'a character that reorders text, U+202E'],
    ['a\u200bb\u200b', 'a⟦\u200b⟧b\u200b', 'a zero-width space, U+200B and 1 more'],
    ['hi\u{e0041}\u{e0042}', 'hi⟦\u{e0041}⟧\u{e0042}', 'an invisible tag character, in which instructions can be hidden, U+E0041'],
    ['\ufeffhi', '⟦\ufeff⟧hi', 'a byte-order mark, U+FEFF'],
  ])('%j', (text, expected, message) => {
    const fault = findControlCharacter(text);
    expect(marked(text, fault)).toBe(expected);
    expect(fault?.message).toContain(message);
  });

  it.each(['tab\tand\r\nlines', '👩‍👩‍👧‍👦', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 'می‌خواهم', 'soft\u00adhyphen', 'ภาษา\u200bไทย', 'shalom \u200fשלום', 'caf\u00e9\u00a0'])('but not: %j', (text) => {
    expect(findControlCharacter(text)).toBeUndefined();
  });
});

it('half a character is found wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0xd800, max: 0xdbff }), fc.string({ unit: 'grapheme-ascii' }), (before, unit, after) => {
      const text = before + String.fromCharCode(unit) + after;
      expect(findLoneSurrogate(text)).toMatchObject({ start: before.length, end: before.length + 1 });
      expect(findLoneSurrogate(before)).toBeUndefined();
    }),
  );
});

it('every fault stands inside its text and shows nothing that nobody sees, whatever the text is', () => {
  const hostile = fc.string({ unit: fc.oneof(fc.constantFrom(...Array.from('Ã©â€™ï»¿\u202e\0 .,:`\n#<|[]ÂÐ'), 'I’m sorry, ', 'As an AI ', '### Response:', '```'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 120 });
  fc.assert(
    fc.property(hostile, hostile, (prompt, text) => {
      for (const fault of [findTruncation(text), findRefusal(text), findLeakedPrompt(user(prompt), text), findMojibake(text), findControlCharacter(text), findLoneSurrogate(text)]) {
        if (fault === undefined) continue;
        expect(0 <= fault.start && fault.start < fault.end && fault.end <= text.length).toBe(true);
        expect(fault.message).toMatch(/^\P{C}{1,300}\.$/u);
      }
    }),
    { numRuns: 500 },
  );
});
