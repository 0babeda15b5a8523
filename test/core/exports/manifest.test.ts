import { describe, expect, it } from 'vitest';
import { buildManifest } from '../../../src/core/exports/manifest';

const input = { name: 'sample.jsonl', sha256: 'a'.repeat(64) };
const output = { name: 'best.jsonl', sha256: 'b'.repeat(64) };
const time = new Date('2026-01-02T03:04:05Z');

describe('buildManifest', () => {
  it('says how a selection came about', () => {
    const rule = { kind: 'random', count: 2, seed: 7 } as const;
    expect(
      buildManifest({
        version: '0.1.0',
        time,
        input,
        output,
        records: 2,
        format: 'lines',
        selection: { rule, steps: [{ step: 'all records', records: 5 }, { step: 'random 2, seed 7', records: 2 }], tieRule: 'none' },
        scorers: { loss: 'embedded@2' },
        car: { beta: 3, offset: 0.5 },
        total: 6,
        dropped: new Map([['is no record', 1]]),
      }),
    ).toEqual({
      tool: { name: 'cupel', version: '0.1.0' },
      time: '2026-01-02T03:04:05.000Z',
      input,
      output: { ...output, records: 2, format: 'lines' },
      rule,
      scorers: { loss: 'embedded@2' },
      beta: 3,
      offset: 0.5,
      steps: [
        { step: 'all records', records: 5 },
        { step: 'random 2, seed 7', records: 2 },
        { step: 'written', records: 2 },
      ],
      tieRule: 'none',
      seed: 7,
      dropped: [{ reason: 'is no record', records: 1 }],
    });
  });

  it('counts what an export left out, most common reason first', () => {
    const manifest = buildManifest({ version: '0.1.0', time, input, output, records: 4, format: 'alpaca', total: 10, dropped: new Map([['b', 1], ['c', 4], ['a', 1]]) });
    expect(manifest.steps).toEqual([
      { step: 'all records', records: 10 },
      { step: 'written', records: 4 },
    ]);
    expect(manifest.dropped).toEqual([
      { reason: 'c', records: 4 },
      { reason: 'a', records: 1 },
      { reason: 'b', records: 1 },
    ]);
    expect(manifest).not.toHaveProperty('rule');
  });
});
