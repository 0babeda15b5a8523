import { describe, expect, it } from 'vitest';
import { byShade, shades } from '../../../src/client/surprise/shading';
import { surpriseDetails, surpriseText } from '../../../src/client/surprise/surpriseText';
import type { SurprisingToken, TokenSurprise } from '../../../src/protocol/lsp';

/** Tokens side by side on line 3, from column 10 on. */
function tokens(...of: readonly { text: string; cond?: number; direct?: number }[]): SurprisingToken[] {
  let character = 10;
  return of.map((token) => {
    const start = { line: 3, character };
    character += token.text.length;
    return { range: { start, end: { line: 3, character } }, ...token };
  });
}

const spoken = tokens({ text: 'It', cond: 1.5 }, { text: ' is', cond: 0.25, direct: 0.5 }, { text: ' Paris', cond: 0.2, direct: 6.1 }, { text: ',', cond: 5, direct: 4 }, { text: ' not', cond: 9.5, direct: 2.3 });

function shadesOf(mode: Parameters<typeof byShade>[1], of: readonly SurprisingToken[] = spoken): Record<string, string> {
  return Object.fromEntries([...byShade(of, mode)].flatMap(([shade, shaded]) => (shaded.length === 0 ? [] : [[shade, shaded.map(({ text }) => text).join('|')]])));
}

describe('shading', () => {
  it('is by the surprise given the instruction', () => {
    expect(shadesOf('given')).toEqual({ 1: 'It', 3: ',', 5: ' not' });
  });

  it('or by the surprise alone, which the first token does not have', () => {
    expect(shadesOf('alone')).toEqual({ 1: ' not', 2: ',', 3: ' Paris' });
  });

  it('or by what the instruction changed', () => {
    expect(shadesOf('difference')).toEqual({ Helped3: ' Paris', Hindered1: ',', Hindered3: ' not' });
  });

  it('takes away every shade that nothing has', () => {
    expect([...byShade([], 'given').keys()]).toEqual(shades);
    expect(shades).toHaveLength(11);
  });
});

describe('the status bar', () => {
  const surprise: TokenSurprise = { scorer: 'tiny@0123abcd', version: 1, mean: { cond: 3.29, direct: 3.225 }, tokens: spoken };
  const shown = { surprise, mode: 'given', drawnTo: 10_000 } as const;

  it.each([
    [undefined, '3.3 nats, 3.2 alone · 5 tokens'],
    [{ line: 3, character: 9 }, '3.3 nats, 3.2 alone · 5 tokens'],
    [{ line: 3, character: 10 }, '"It" 1.5 nats'],
    [{ line: 3, character: 15 }, '" Paris" .20 nats, 6.1 alone'],
    [{ line: 4, character: 15 }, '3.3 nats, 3.2 alone · 5 tokens'],
  ])('with the cursor at %j says %s', (cursor, text) => {
    expect(surpriseText(shown, cursor)).toBe(text);
  });

  it('spells what could mislead, and shows no icon from a dataset', () => {
    const hostile = tokens({ text: '$(alert)\u202E', cond: 1 }, { text: `\n${'x'.repeat(40)}`, direct: 2 });
    const said = (character: number) => surpriseText({ ...shown, surprise: { ...surprise, tokens: hostile } }, { line: 3, character });
    expect(said(10)).toBe('"$ (alert)⟨U+202E⟩" 1 nats');
    expect(said(19)).toBe(`"\\n${'x'.repeat(18)}…" 2 nats alone`);
  });

  it('says who measured, what the shades mean, what is missing, and what the editor does not draw', () => {
    const cut = { ...shown, drawnTo: 20, surprise: { ...surprise, reason: 'only the first 5 of 9 response tokens fit the window' } };
    expect(surpriseText(cut, undefined)).toBe('3.3 nats, 3.2 alone · 5 tokens · 3 not drawn');
    expect(surpriseDetails(cut)).toEqual([
      'Surprise of each response token by tiny@0123abcd.',
      'Shaded by the chance of the token given the instruction: below 1 in 2, 10, 100, 1,000, 10,000.',
      'Not complete: only the first 5 of 9 response tokens fit the window.',
      '3 of 5 tokens stand past column 20, where the editor draws nothing. Show Record Card lists them.',
    ]);
    expect(surpriseDetails({ ...shown, drawnTo: undefined })).toHaveLength(2);
    expect(surpriseText({ ...shown, surprise: { ...surprise, mean: {}, tokens: [] } }, undefined)).toBe('no tokens');
  });
});
