import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { BlendModel } from '../../../../src/engine/inference/embedded/blendModel';
import { lossFileSchema } from '../../../../src/engine/inference/embedded/lossEstimate';

it('computes from the shipped file what the fitting script computed', () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
  const file = lossFileSchema.parse(read('../../../../models/embedded/loss.json'));
  const checks = z.array(z.object({ features: z.array(z.number()), direct: z.number(), gain: z.number() })).min(5).parse(read('lossCheck.json'));
  const direct = new BlendModel(file.direct, file.aloneFeatures);
  const gain = new BlendModel(file.gain, file.features.length);
  for (const check of checks) {
    expect(direct.predict(check.features.slice(0, file.aloneFeatures))).toBeCloseTo(check.direct, 5);
    expect(gain.predict(check.features)).toBeCloseTo(check.gain, 5);
  }
});

it('adds the trees and the kernel', () => {
  const tree = { feature: [0, -1, -1], value: [1, 10, 20], right: [2, 0, 0] };
  const kernel = { knots: [[0, 1]], bends: [[0, 1]], scale: [1], decay: 1, linear: 0, centres: [[0]], weights: [3] };
  expect(new BlendModel({ trees: { base: 100, trees: [tree] }, kernel }, 1).predict([0])).toBe(113);
});
