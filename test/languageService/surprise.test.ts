import { describe, expect, it } from 'vitest';
import type { TokenLosses } from '../../src/core/scores/tokenLosses';
import { hover, recordCard } from '../../src/languageService/hover';
import { surpriseSummary, surpriseTokens } from '../../src/languageService/surprise';
import { defaultSettings } from '../../src/protocol/settings';
import type { OpenDataset } from '../../src/server/openDataset';
import { alpaca, exampleDataset, learn } from './support/exampleDataset';

const france = alpaca('What is the capital of France?', 'It is Paris, not Lyon.');
const losses: TokenLosses = {
  scorer: 'tiny@0123abcd superfiltering',
  tokens: [
    { start: 0, end: 2, cond: 1.5 },
    { start: 2, end: 5, cond: 0.25, direct: 0.5 },
    { start: 5, end: 11, cond: 0.2, direct: 6.1 },
    { start: 11, end: 12, cond: 1, direct: 1.25 },
    { start: 12, end: 16, cond: 5, direct: 4 },
    { start: 16, end: 21, cond: 7.3, direct: 9 },
    { start: 21, end: 22, cond: 0.05, direct: 0.05 },
  ],
};

function withSurprise(line: string, known: TokenLosses, options: Parameters<typeof exampleDataset>[1] = {}): OpenDataset {
  const dataset = exampleDataset(line, options);
  dataset.learnSurprise(dataset.record(0)?.exchanges[0]?.key ?? '', known);
  return dataset;
}

describe('the surprise of a record in its card', () => {
  const dataset = withSurprise(france, losses);
  const link = `command:cupel.showTokenSurprise?${encodeURIComponent(JSON.stringify([{ uri: dataset.uri, lines: [0] }]))}`;

  it('says how surprising the response is, what the instruction helped, and what it did not', () => {
    expect(surpriseSummary(dataset, 0, true).split('  \n')).toEqual([
      `**Surprise** by tiny\\@0123abcd superfiltering: 2.2 nats a token given the instruction, 3.5 without it · [Show in the text](${link})`,
      'The instruction helped most with `" Paris"` .20 (6.1 alone) · `" Lyon"` 7.3 (9 alone)',
      'Most surprising all the same: `" Lyon"` 7.3 (9 alone) · `" not"` 5 (4 alone) · `"It"` 1.5 · `","` 1 (1.3 alone)',
    ]);
  });

  it('stands in the hover, and in the page with every token', () => {
    const { contents } = hover(dataset, 0, []) ?? {};
    expect(JSON.stringify(contents)).toContain('**Surprise** by');
    const page = recordCard(dataset, 0, []) ?? '';
    expect(page).not.toContain('command:');
    expect(page).toContain(
      [
        '```plaintext',
        ' given   alone',
        '  1.50          █      "It"',
        '  0.25    0.50         " is"',
        '  0.20    6.10         " Paris"',
        '  1.00    1.25  █      ","',
        '  5.00    4.00  ███    " not"',
        '  7.30    9.00  ████   " Lyon"',
        '  0.05    0.05         "."',
        '```',
      ].join('\n'),
    );
  });

  it('is a question while it is not known, for a record that has a loss, where links lead somewhere', async () => {
    const unknown = exampleDataset([france, alpaca('Is 7 prime?', 'Yes')].join('\n'));
    await learn(unknown, { 0: { tokens: 6, cond: 1.2, direct: 1.5 } });
    expect(surpriseSummary(unknown, 0, true)).toBe(`Loss: [Why?](${link})`);
    expect(surpriseSummary(unknown, 0, false)).toBe('');
    expect(surpriseSummary(unknown, 1, true)).toBe('');
    const plain = exampleDataset(france, { commands: false });
    await learn(plain, { 0: { tokens: 6, cond: 1.2, direct: 1.5 } });
    expect(surpriseSummary(plain, 0, true)).toBe('');
    expect(surpriseTokens(unknown, 0)).toBe('');
  });

  it('says why something is absent', () => {
    const short = withSurprise(alpaca('Is 7 prime?', 'Yes'), { scorer: 'tiny', tokens: [{ start: 0, end: 3, cond: 2 }], reason: 'response has 1 token' }, { commands: false });
    expect(surpriseSummary(short, 0, true)).toBe('**Surprise** by tiny: 2 nats a token given the instruction  \nMost surprising all the same: `"Yes"` 2  \nresponse has 1 token');
    const none = withSurprise(alpaca('Is 7 prime?', 'Yes'), { scorer: 'tiny', tokens: [], reason: 'prompt is too long' });
    expect(surpriseSummary(none, 0, true)).toBe('**Surprise** by tiny  \nprompt is too long');
  });

  it('is forgotten when the record changes, and when another scorer measures', () => {
    const edited = withSurprise(france, losses);
    edited.change([{ range: { start: { line: 0, character: france.length - 3 }, end: { line: 0, character: france.length - 3 } }, text: '!' }], 2);
    expect(surpriseSummary(edited, 0, true)).toBe('');
    const known = withSurprise(france, losses);
    known.present({ settings: defaultSettings, images: false, commands: undefined });
    expect(surpriseSummary(known, 0, true)).not.toBe('');
    known.present({ settings: { ...defaultSettings, scorer: { ...defaultSettings.scorer, loss: 'gpt2' } }, images: false, commands: undefined });
    expect(surpriseSummary(known, 0, true)).toBe('');
  });
});

describe('hostile tokens', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '`"<img src=x onerror=alert(1)>"`'],
    ['[x](command:y)', '`"[x](command:y)"`'],
    ['`', '``"`"``'],
    ['``` ', '````"``` "````'],
    ['\n\n# x', '`"\\n\\n# x"`'],
    ['a\u202Eb\u2066', '`"a⟨U+202E⟩b⟨U+2066⟩"`'],
    ['\u0000\u0007\u009b', '`"\\u0000\\u0007⟨U+009B⟩"`'],
    ['\ud83d', '`"\\ud83d"`'],
    ['x'.repeat(90), `\`"${'x'.repeat(39)}…"\``],
  ])('%j is quoted', (text, quoted) => {
    const dataset = withSurprise(alpaca('x', text), { scorer: '[m](command:z)<i>`', tokens: [{ start: 0, end: text.length, cond: 3, direct: 4 }], reason: '<b>`' });
    const lines = surpriseSummary(dataset, 0, false).split('  \n');
    expect(lines[0]).toBe('**Surprise** by \\[m\\]\\(command\\:z\\)&lt;i&gt;\\`: 3 nats a token given the instruction, 4 without it');
    expect(lines[2]).toBe(`Most surprising all the same: ${quoted} 3 (4 alone)`);
    expect(lines[3]).toBe('&lt;b&gt;\\`');
    expect(surpriseTokens(dataset, 0)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
  });

  it.each(['```\n[out](command:x)', '`````'])('%j does not close the fence of the page', (text) => {
    const listed = surpriseTokens(withSurprise(alpaca('x', text), { scorer: 'm', tokens: [{ start: 0, end: text.length, cond: 3 }] }), 0);
    const [fence] = /^`{3,}/mu.exec(listed) ?? [''];
    expect(listed.split('\n').filter((line) => line.startsWith(fence))).toEqual([`${fence}plaintext`, fence]);
  });
});
