import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Measurement } from '../../../src/core/scores/catalogue';
import { writeAtomically } from '../../../src/engine/files/atomicWrite';
import { ScoreStore } from '../../../src/engine/store/scoreStore';
import { RecordingLogger } from '../../support/engineFixture';
import { type SmallDisk, smallDisk } from '../../support/smallDisk';

const wanted = { loss: 'model@1' };

function some(first: number, count: number): Measurement[] {
  return Array.from({ length: count }, (_, n) => ({ key: (first + n).toString(16).padStart(32, '0'), loss: { scorer: wanted.loss, cond: { sum: first + n + 0.5, tokens: 7 } } }));
}

function mounted(kilobytes: number): SmallDisk | undefined {
  const disk = smallDisk(kilobytes);
  if (disk) onTestFinished(() => disk.remove());
  return disk;
}

/** Batches until the disk takes no more; gives what was acknowledged, and why the next one was not. */
async function fill(store: ScoreStore): Promise<{ readonly kept: string[]; readonly refusal: unknown }> {
  const kept: string[] = [];
  for (let batch = 0; ; batch++) {
    const measurements = some(batch * 500, 500);
    try {
      await store.record(measurements);
    } catch (refusal) {
      return { kept, refusal };
    }
    kept.push(...measurements.map(({ key }) => key));
  }
}

it('a full disk costs nothing that was acknowledged, and the same store goes on when there is space again', async (context) => {
  const disk = mounted(400);
  if (!disk) return context.skip();
  const store = new ScoreStore(disk.folder, new RecordingLogger());
  const { kept, refusal } = await fill(store);
  expect(kept.length).toBeGreaterThan(500);
  expect(String(refusal)).toMatch(/^StoreError: Scores could not be kept: \S+: no space left on the disk\. What was finished before is safe; the next run goes on from there\.$/);
  // Segments need space too: the journal stays instead.
  await store.settle('all');
  expect([...(await store.lookUp(kept, wanted)).keys()]).toEqual(kept);
  disk.resize(20_000);
  const more = some(1_000_000, 300);
  await store.record(more);
  await store.dispose();
  const next = new ScoreStore(disk.folder, new RecordingLogger());
  const found = await next.lookUp([...kept, ...more.map(({ key }) => key)], wanted);
  expect(found.size).toBe(kept.length + more.length);
  expect(found.get(kept[3] ?? '')?.loss?.cond).toEqual({ sum: 3.5, tokens: 7 });
  await next.dispose();
});

it('a disk that has become read-only is named, and what it holds can still be read', async (context) => {
  const disk = mounted(4000);
  if (!disk) return context.skip();
  const store = new ScoreStore(disk.folder, new RecordingLogger());
  await store.record(some(0, 300));
  await store.dispose();
  disk.readOnly();
  const next = new ScoreStore(disk.folder, new RecordingLogger());
  expect((await next.lookUp(some(0, 300).map(({ key }) => key), wanted)).size).toBe(300);
  await expect(next.record(some(300, 1))).rejects.toThrow(/the disk is read-only\. What was finished before is safe/);
  await next.dispose();
});

it('an output that does not fit leaves the one that stood there, and nothing beside it', async (context) => {
  const disk = mounted(400);
  if (!disk) return context.skip();
  const out = path.join(disk.folder, 'out.jsonl');
  await writeFile(out, 'old');
  const line = `${'x'.repeat(999)}\n`;
  await expect(writeAtomically(out, Array.from({ length: 2000 }, () => line))).rejects.toThrow(`Could not write ${out}: no space left on the disk. Nothing was changed there; the file that stood there, if any, is still whole.`);
  expect(await readFile(out, 'utf8')).toBe('old');
  expect(await readdir(disk.folder)).toEqual(['out.jsonl']);
});
