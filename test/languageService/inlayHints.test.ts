import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlayHints, maximumBadgeLength } from '../../src/languageService/inlayHints';
import { badgeParts, defaultSettings } from '../../src/protocol/settings';
import { alpaca, exampleDataset, labelOf, learn, uri, withBadges } from './support/exampleDataset';

const sky = alpaca('Explain why the sky is blue.', 'Because air scatters short waves most.');
const prime = alpaca('Is 7 prime?', 'Yes');
const scored = { tokens: 412, reward: 0.81, cond: 1.2, direct: 1.53 };

describe('the badge beside a record', () => {
  it('shows nothing but lengths before the person has asked for scores', async () => {
    const dataset = exampleDataset([sky, '', prime].join('\n'));
    expect(withBadges(dataset)).toBe(['[·] {"instruction":"Explain…', '', '[·] {"instruction":"Is 7 pr…'].join('\n'));
    await learn(dataset, { 0: { tokens: 412 } });
    expect(withBadges(dataset)).toBe(['[412t ·] {"instruction":"Explain…', '', '[·] {"instruction":"Is 7 pr…'].join('\n'));
  });

  it('shows every score, marks estimates, and says what is undefined', async () => {
    const dataset = exampleDataset([sky, prime].join('\n'));
    await learn(dataset, { 0: scored, 1: { tokens: 1, reward: 0.2, cond: 0.8, reason: 'response has 1 token' } });
    expect(withBadges(dataset)).toBe(['[412t r≈.81 ifd≈.72 car≈.18] {"instruction":"Explain…', '[1t r≈.20 ifd∅ car≈.059] {"instruction":"Is 7 pr…'].join('\n'));
  });

  it('does not mark what a real model measured', async () => {
    const dataset = exampleDataset(sky);
    await learn(dataset, { 0: { ...scored, scorer: 'gpt2/plain' } });
    expect(withBadges(dataset)).toBe('[412t r .81 ifd .72 car .18] {"instruction":"Explain…');
  });

  it('keeps the scores of an edited record as stale until it is scored again', async () => {
    const dataset = exampleDataset([sky, prime].join('\n'));
    await learn(dataset, { 0: scored });
    const at = sky.indexOf('most');
    dataset.change([{ range: { start: { line: 0, character: at }, end: { line: 0, character: at + 4 } }, text: 'best' }], 2);
    expect(withBadges(dataset)).toBe(['[412t~ r~≈.81 ifd~≈.72 car~≈.18] {"instruction":"Explain…', '[·] {"instruction":"Is 7 pr…'].join('\n'));
    await learn(dataset, { 0: { tokens: 7 } });
    expect(withBadges(dataset).split('\n')[0]).toBe('[7t r~≈.81 ifd~≈.72 car~≈.18] {"instruction":"Explain…');
    await learn(dataset, { 0: { tokens: 7, reward: 0.5, cond: 1, direct: 2 } });
    expect(withBadges(dataset).split('\n')[0]).toBe('[7t r≈.50 ifd≈.37 car≈.13] {"instruction":"Explain…');
  });

  it('brings the scores back when the edit is undone', async () => {
    const dataset = exampleDataset(sky);
    await learn(dataset, { 0: scored });
    const before = withBadges(dataset);
    dataset.change([{ range: { start: { line: 0, character: 20 }, end: { line: 0, character: 20 } }, text: 'X' }], 2);
    expect(withBadges(dataset)).not.toBe(before);
    dataset.change([{ range: { start: { line: 0, character: 20 }, end: { line: 0, character: 21 } }, text: '' }], 3);
    expect(withBadges(dataset)).toBe(before);
  });

  it('tells how far a scoring run is', async () => {
    const dataset = exampleDataset([sky, prime].join('\n'));
    await learn(dataset, { 0: scored });
    dataset.startRun('Scoring').report(38.4);
    expect(withBadges(dataset)).toBe(['[412t r≈.81 ifd≈.72 car≈.18] {"instruction":"Explain…', '[· scoring 38 %] {"instruction":"Is 7 pr…'].join('\n'));
  });

  it('counts problems, and names what is no record', () => {
    const dataset = exampleDataset([alpaca('Say nothing.', ''), '{"instruction": "broken', '[1, 2]', '{"foo": 1}'].join('\n'));
    expect(withBadges(dataset)).toBe(
      ['[· ⚠1] {"instruction":"Say not…', '[⚠ broken JSON] {"instruction": "broken', '[⚠ not an object] [1, 2]', '[⚠ unknown shape] {"foo": 1}'].join('\n'),
    );
  });

  it.each([
    ['words', { ...defaultSettings.badge, length: 'words' as const }, '[87w r≈.81 ifd≈.72 car≈.18]'],
    ['characters', { ...defaultSettings.badge, length: 'chars' as const }, '[1.6kc r≈.81 ifd≈.72 car≈.18]'],
    ['two parts', { ...defaultSettings.badge, parts: ['reward' as const, 'length' as const] }, '[r≈.81 412t]'],
  ])('follows the settings: %s', async (_, badge, text) => {
    const dataset = exampleDataset(sky, { settings: { badge } });
    await learn(dataset, { 0: { ...scored, words: 87 } });
    expect(withBadges(dataset)).toBe(`${text} {"instruction":"Explain…`);
  });

  it('is absent when switched off', () => {
    expect(inlayHints(exampleDataset(sky, { settings: { badge: { ...defaultSettings.badge, enabled: false } } }), 0, 0)).toEqual([]);
  });
});

describe('the parts of a badge', () => {
  it('say what they are, by whom, and open the card; an unscored one scores', async () => {
    const dataset = exampleDataset(sky);
    const command = (title: string, id: string) => ({ title, command: id, arguments: [{ uri, lines: [0] }] });
    expect(inlayHints(dataset, 0, 0)[0]).toEqual({
      position: { line: 0, character: 0 },
      paddingRight: true,
      label: [{ value: '·', tooltip: 'Not scored yet.', command: command('Score this record', 'cupel.scoreSelection') }],
    });
    await learn(dataset, { 0: { tokens: 412, reward: 0.81, cond: 1.2, reason: 'response has 1 token' } });
    const open = command('Open record', 'cupel.openRecord');
    expect(inlayHints(dataset, 0, 0)[0]?.label).toEqual([
      { value: '412t', tooltip: 'Tokens: 412 (o200k_base)', command: open },
      { value: ' r≈.81', tooltip: 'Reward: 0.810, by embedded@1, an estimate', command: open },
      { value: ' ifd∅', tooltip: 'IFD: undefined. response has 1 token', command: open },
      { value: ' car≈.18', tooltip: 'CAR: 0.176, by embedded@1, an estimate', command: open },
    ]);
  });

  it('have no commands in an editor that has none of them', () => {
    expect(inlayHints(exampleDataset(sky, { commands: false }), 0, 0)[0]?.label).toEqual([{ value: '·', tooltip: 'Not scored yet.' }]);
  });
});

it('fits whatever is measured', async () => {
  const number = fc.oneof(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e9, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.nat(2 ** 40), number, number, number, fc.boolean(), fc.shuffledSubarray([...badgeParts], { minLength: 1 }), async (tokens, reward, cond, direct, edited, parts) => {
      const dataset = exampleDataset(alpaca('Say nothing.', ''), { settings: { badge: { enabled: true, parts, length: 'tokens' } } });
      await learn(dataset, { 0: { tokens, reward: -reward, cond, direct } });
      if (edited) dataset.change([{ range: { start: { line: 0, character: 20 }, end: { line: 0, character: 20 } }, text: 'X' }], 2);
      const [hint] = inlayHints(dataset, 0, 0);
      expect(hint && labelOf(hint).length).toBeLessThanOrEqual(maximumBadgeLength);
      expect(hint && labelOf(hint)).toMatch(/⚠1|…/);
    }),
  );
});
