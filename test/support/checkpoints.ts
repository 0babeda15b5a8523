import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const fixtures = path.join(import.meta.dirname, '../fixtures/checkpoints');

/** The folder of a tiny checkpoint; test/fixtures/checkpoints/build_fixtures.py says what each is. */
export function checkpointFolder(name: string): string {
  return path.join(fixtures, name);
}

const expectedSchema = z.array(z.object({ ids: z.array(z.int()), nll: z.array(z.number()).optional(), reward: z.number().optional() }));

/** What torch computed on it: `nll[i]` is the loss of ids[i + 1]. */
export function expectedOf(name: string): { readonly ids: readonly number[]; readonly nll?: readonly number[] | undefined; readonly reward?: number | undefined }[] {
  return expectedSchema.parse(JSON.parse(readFileSync(path.join(fixtures, name, 'expected.json'), 'utf8')));
}

/** The largest distance between two lists of one length; infinite when the lengths differ. */
export function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Infinity;
  return Math.max(0, ...Array.from({ length: left.length }, (_, i) => Math.abs((left[i] ?? NaN) - (right[i] ?? NaN))));
}
