import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParsedLine } from '../../../src/core/record/parseRecord';
import { parseLine, readRecord } from '../../../src/core/record/parseRecord';
import { applySplice, locate } from '../../../src/core/record/splice';
import { sharedData } from '../../support/sharedData';

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
}

/** How many records have which shape, responses and problems. */
function census(parsed: Iterable<ParsedLine>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of parsed) {
    const kind =
      line.status === 'ok' ? [line.record.shape, ...line.record.exchanges.map((exchange) => exchange.name), ...line.record.problems.map((problem) => `!${problem.rule}`)].join(' ') : line.status === 'empty' ? 'empty' : line.rule;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function readElement(value: unknown): ParsedLine {
  const read = readRecord(value);
  return 'status' in read ? read : { status: 'ok', record: read };
}

const datasets: readonly (readonly [name: string, expected: Record<string, number>])[] = [
  [
    'alpaca_union.jsonl',
    { 'alpaca response': 23_961, 'alpaca response !empty-response': 14, 'alpaca response !control-character': 4, 'alpaca response !leaked-prompt': 2, 'alpaca response !refusal': 6, 'alpaca response !truncated-response': 8 },
  ],
  [
    'dolly_3k.jsonl',
    { 'alpaca response': 2960, 'alpaca response !control-character': 2, 'alpaca response !control-character !control-character': 1, 'alpaca response !refusal': 1, 'alpaca response !truncated-response': 32 },
  ],
  ['gsm8k_train.jsonl', { 'alpaca response': 7471, 'alpaca response !control-character': 1, 'alpaca response !truncated-response': 1 }],
  ['gpteacher_roleplay.jsonl', { 'alpaca response': 3146 }],
  ['alpaca_eval_14_teachers_wide.jsonl', { 'alpaca !no-response': 805 }],
  ['human_eval/user_oriented_instructions.jsonl', { 'selfInstruct instances[0]': 251, 'selfInstruct instances[0] !truncated-response': 1 }],
  ['human_eval/predictions/davinci_predictions.jsonl', { 'magpie response': 194, 'magpie response !leaked-prompt': 22, 'magpie response !truncated-response': 28, 'magpie response !truncated-response !leaked-prompt': 8 }],
  ['formats/v1_sft_demo.jsonl', { 'messages response': 489, 'messages response !refusal': 10, 'messages response !truncated-response': 1 }],
  ['formats/v1_dpo_demo.jsonl', { 'preference chosen rejected': 10 }],
  ['formats/reason_tool_use_demo_50.jsonl', { 'messages response': 38, 'messages response !refusal': 1, 'messages !no-response': 11 }],
];

const arrays: readonly (readonly [name: string, expected: Record<string, number>])[] = [
  ['formats/alpaca_en_demo.json', { 'alpaca response': 974, 'alpaca response !refusal': 21, 'alpaca response !truncated-response': 4 }],
  [
    'formats/dpo_en_demo.json',
    {
      'preference chosen rejected': 294,
      'preference chosen rejected !control-character': 1,
      'preference chosen rejected !control-character !control-character': 1,
      'preference chosen rejected !mojibake': 1,
      'preference chosen rejected !refusal': 1,
      'preference chosen rejected !truncated-response': 2,
    },
  ],
  ['formats/glaive_toolcall_en_demo.json', { 'sharegpt response': 257, 'sharegpt response !refusal': 42, 'sharegpt response !truncated-response': 1 }],
  ['formats/identity.json', { 'alpaca response': 91 }],
  ['formats/kto_en_demo.json', { 'messages response': 296, 'messages response !mojibake': 2, 'messages response !refusal': 1, 'messages response !truncated-response': 1 }],
  ['magpie_5res_armorm.json', { 'magpie responses[0] responses[1] responses[2] responses[3] responses[4]': 5 }],
];

describe('published datasets', () => {
  for (const [name, expected] of datasets) {
    const file = sharedData(name);
    it.skipIf(file === undefined)(`reads every line of ${name}`, () => {
      expect(census(linesOf(file ?? '').map(parseLine))).toEqual(expected);
    });
  }

  for (const [name, expected] of arrays) {
    const file = sharedData(name);
    it.skipIf(file === undefined)(`reads every element of ${name}`, () => {
      expect(census((JSON.parse(readFileSync(file ?? '', 'utf8')) as unknown[]).map(readElement))).toEqual(expected);
    });
  }

  const dolly = sharedData('dolly_3k.jsonl');
  it.skipIf(dolly === undefined)('gives every text its place, and gets its own line back', () => {
    for (const line of linesOf(dolly ?? '')) {
      const parsed = parseLine(line);
      if (parsed.status !== 'ok') throw new Error('dolly has no broken line');
      const [exchange] = parsed.record.exchanges;
      if (!exchange) throw new Error('dolly answers every line');
      for (const { text, path } of [...exchange.prompt, exchange.response]) {
        const { start, end } = locate(line, path) ?? { start: 0, end: 0 };
        expect(JSON.parse(line.slice(start, end))).toBe(text);
      }
      const there = applySplice(line, exchange.response.path, 'changed') ?? '';
      expect(JSON.parse(there)).toEqual({ ...(JSON.parse(line) as object), output: 'changed' });
      expect(JSON.parse(applySplice(there, exchange.response.path, exchange.response.text) ?? '')).toEqual(JSON.parse(line));
    }
  });
});

describe('a suite of JSON corner cases', () => {
  const folder = sharedData('jsontestsuite/test_parsing');
  const decode = new TextDecoder('utf-8', { ignoreBOM: true });
  const cases = folder === undefined ? [] : readdirSync(folder).map((name) => [name, decode.decode(readFileSync(path.join(folder, name)))] as const);

  it.skipIf(folder === undefined)('accepts what must parse', () => {
    const objects = cases.filter(([name]) => name.startsWith('y_'));
    expect(objects.length).toBeGreaterThan(90);
    for (const [name, text] of objects) {
      const parsed = parseLine(text);
      expect([name, parsed.status === 'invalid' && (parsed.rule === 'unknown-shape' || parsed.rule === 'not-an-object')]).toEqual([name, true]);
    }
  });

  it.skipIf(folder === undefined)('refuses what must not parse, save three files that are blank', () => {
    const refused = cases.filter(([name]) => name.startsWith('n_'));
    expect(refused.length).toBeGreaterThan(180);
    const accepted = refused.filter(([, text]) => {
      const parsed = parseLine(text);
      return !(parsed.status === 'invalid' && (parsed.rule === 'broken-json' || parsed.rule === 'too-deep'));
    });
    expect(accepted.map(([name, text]) => [name, parseLine(text).status])).toEqual([
      ['n_single_space.json', 'empty'],
      ['n_structure_UTF8_BOM_no_data.json', 'empty'],
      ['n_structure_no_data.json', 'empty'],
    ]);
  });
});

describe("another viewer's corner cases", () => {
  const expected: readonly (readonly [name: string, census: Record<string, number>])[] = [
    ['single-quotes.jsonl', { 'broken-json': 3 }],
    ['trailing-commas.jsonl', { 'broken-json': 3 }],
    ['unquoted-keys.jsonl', { 'broken-json': 3 }],
    ['strings-only.jsonl', { 'not-an-object': 3 }],
    ['simple.jsonl', { 'unknown-shape': 5 }],
  ];
  for (const [name, counts] of expected) {
    const file = sharedData(`jsonl-corner-cases/test-data/${name}`);
    it.skipIf(file === undefined)(name, () => {
      expect(census(linesOf(file ?? '').map(parseLine))).toEqual(counts);
    });
  }
});
