import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Measurement } from '../../../src/core/scores/catalogue';
import { ScoreStore } from '../../../src/engine/store/scoreStore';
import { RecordingLogger, temporaryFolder } from '../../support/engineFixture';

vi.setConfig({ testTimeout: 60_000 });

const scorers = { loss: 'a@1', reward: 'b@1' };

let folder = '';
let logger = new RecordingLogger();
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  logger = new RecordingLogger();
});

function openStore(): ScoreStore {
  const store = new ScoreStore(folder, logger);
  onTestFinished(() => store.dispose());
  return store;
}

const keyOf = (n: number) => n.toString(16).padStart(32, '0');

const measured = (n: number): Measurement => ({
  key: keyOf(n),
  loss: { scorer: 'a@1', cond: { sum: n + 0.1, tokens: n + 1 }, direct: { sum: n + 0.2, tokens: n + 1 }, prompt: { sum: 1 / 3, tokens: 7 } },
  reward: { scorer: 'b@1', value: n / 7 },
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const some = (from: number, to: number) => range(from, to).map(measured);

/** A store that ended properly with these in a segment. */
async function stored(...measurements: readonly Measurement[]): Promise<void> {
  const store = new ScoreStore(folder, logger);
  await store.record(measurements);
  await store.dispose();
}

const files = async (kind: 'segments' | 'journal') => (await readdir(path.join(folder, kind)).catch(() => [])).sort();
const sorted = (found: ReadonlyMap<string, Measurement>) => [...found.values()].sort((a, b) => a.key.localeCompare(b.key));

describe('what was recorded', () => {
  it('is found again, number for number, by this store and by the next one', async () => {
    const odd: Measurement[] = [
      { key: keyOf(100), loss: { scorer: 'a@1', cond: { sum: 5e-324, tokens: 1 }, reason: "response has 1 token; it's \"odd\" 🎨" } },
      { key: keyOf(101), reward: { scorer: 'b@1', value: -0.1 + 0.3 } },
      { key: keyOf(102), reward: { scorer: 'b@1', reason: 'empty response' } },
    ];
    const all = [...some(0, 3), ...odd];
    const store = openStore();
    await store.record(all);
    expect(sorted(await store.lookUp(all.map(({ key }) => key), scorers))).toEqual(all);
    await store.settle('all');
    expect(sorted(await store.lookUp(all.map(({ key }) => key), scorers))).toEqual(all);
    expect(sorted(await openStore().lookUp(all.map(({ key }) => key), scorers))).toEqual(all);
  });

  it('is looked up by scorer and kind', async () => {
    await stored(measured(1), { key: keyOf(2), loss: { scorer: 'other@1', cond: { sum: 1, tokens: 1 } } });
    const store = openStore();
    expect(await store.lookUp([keyOf(1), keyOf(2)], { loss: 'other@1' })).toEqual(new Map([[keyOf(2), { key: keyOf(2), loss: { scorer: 'other@1', cond: { sum: 1, tokens: 1 } } }]]));
    expect(await store.lookUp([keyOf(1), keyOf(2)], { reward: 'b@1' })).toEqual(new Map([[keyOf(1), { key: keyOf(1), reward: { scorer: 'b@1', value: 1 / 7 } }]]));
    expect(await store.lookUp([keyOf(1)], { loss: 'b@1', reward: 'a@1' })).toEqual(new Map());
    expect(await store.lookUp([], scorers)).toEqual(new Map());
    expect(await store.lookUp([keyOf(9), "it's; DROP TABLE"], scorers)).toEqual(new Map());
  });

  it('stays in the journal while it is little, and becomes a segment at the end', async () => {
    const store = openStore();
    await store.record(some(0, 10));
    await store.settle('enough');
    expect([(await files('journal')).length, (await files('segments')).length]).toEqual([1, 0]);
    await store.record(some(10, 200));
    await store.settle('enough');
    expect([(await files('journal')).length, (await files('segments')).length]).toEqual([0, 1]);
    expect((await store.lookUp(range(0, 200).map(keyOf), scorers)).size).toBe(200);
  });

  it('is found in a folder whose name is a pattern, a quote and a space', async () => {
    folder = path.join(folder, "it's [a]*? {b} folder");
    await stored(...some(0, 3));
    await stored(...some(3, 6));
    expect((await openStore().lookUp(range(0, 6).map(keyOf), scorers)).size).toBe(6);
  });

  it('survives 20 runs by merging segments', async () => {
    for (const n of range(0, 20)) await stored(measured(n), measured(n + 1));
    expect((await files('segments')).length).toBeLessThan(17);
    expect(sorted(await openStore().lookUp(range(0, 21).map(keyOf), scorers))).toEqual(some(0, 21));
    expect(logger.lines.join('\n')).toContain('Merged score segments {"segments":17}');
  });

  it('does not load anything for a look-up in an empty folder, and leaves no trace', async () => {
    expect(await openStore().lookUp([keyOf(1)], scorers)).toEqual(new Map());
    expect(await readdir(folder)).toEqual([]);
  });

  it('comes from several stores at once', async () => {
    const [one, two] = [openStore(), openStore()];
    await Promise.all(
      range(0, 20).map(async (n) => {
        const store = n % 2 === 0 ? one : two;
        await store.record(some(n * 20, n * 20 + 20));
        await store.settle(n % 3 === 0 ? 'all' : 'enough');
      }),
    );
    await Promise.all([one.dispose(), two.dispose()]);
    expect(await files('journal')).toEqual([]);
    expect(sorted(await openStore().lookUp(range(0, 400).map(keyOf), scorers))).toEqual(some(0, 400));
  });
});

describe('a journal whose process is gone', () => {
  /** A process id that nobody has, because its process has just ended. */
  const goneId = () => String(spawnSync(process.execPath, ['--version']).pid);

  async function leaveJournal(pid: string, ...measurements: readonly Measurement[]): Promise<string> {
    const elsewhere = await temporaryFolder(onTestFinished);
    const store = new ScoreStore(elsewhere, logger);
    await store.record(measurements);
    const [name = ''] = await readdir(path.join(elsewhere, 'journal'));
    const left = path.join(folder, 'journal', name.replace(/^scores-\d+/, `scores-${pid}`));
    await mkdir(path.dirname(left), { recursive: true });
    await copyFile(path.join(elsewhere, 'journal', name), left);
    await store.dispose();
    return left;
  }

  it('is found by look-ups, and becomes a segment when the next run ends', async () => {
    const left = await leaveJournal(goneId(), ...some(0, 5));
    const store = openStore();
    expect(sorted(await store.lookUp(range(0, 5).map(keyOf), scorers))).toEqual(some(0, 5));
    expect(await files('journal')).toEqual([path.basename(left)]);
    await store.settle('enough');
    expect(await files('journal')).toEqual([]);
    expect(sorted(await openStore().lookUp(range(0, 5).map(keyOf), scorers))).toEqual(some(0, 5));
  });

  it('gives what is before a torn line', async () => {
    const left = await leaveJournal(goneId(), ...some(0, 5));
    await truncate(left, (await readFile(left)).length - 10);
    const found = await openStore().lookUp(range(0, 5).map(keyOf), scorers);
    expect(found.size).toBe(5);
    expect(found.get(keyOf(4))?.reward).toBeUndefined();
    expect(logger.lines.join('\n')).toContain('"torn":true');
  });

  it('stays while its process lives', async () => {
    const left = await leaveJournal(String(process.ppid), ...some(0, 5));
    const store = openStore();
    expect((await store.lookUp(range(0, 5).map(keyOf), scorers)).size).toBe(5);
    await store.settle('all');
    expect(await files('journal')).toEqual([path.basename(left)]);
  });

  it('is taken over when this process has been given its id', async () => {
    await leaveJournal(String(process.pid), ...some(0, 5));
    const store = openStore();
    await store.settle('enough');
    expect(await files('journal')).toEqual([]);
    expect((await store.lookUp(range(0, 5).map(keyOf), scorers)).size).toBe(5);
  });
});

describe('a segment that cannot be read', () => {
  it.each([
    ['no Parquet', () => Promise.resolve(Buffer.from('not parquet'))],
    ['empty', () => Promise.resolve(Buffer.alloc(0))],
    ['cut off', async (good: string) => (await readFile(good)).subarray(0, 500)],
    [
      'damaged inside',
      async (good: string) => {
        const bytes = await readFile(good);
        bytes.fill(0xff, 100, 900);
        return bytes;
      },
    ],
  ])('%s: is left out with a warning; the others work', async (_name, damage) => {
    await stored(...some(0, 300));
    const [good = ''] = await files('segments');
    await stored(...some(300, 310));
    await writeFile(path.join(folder, 'segments', 'bad.parquet'), await damage(path.join(folder, 'segments', good)));
    const store = openStore();
    expect(sorted(await store.lookUp(range(0, 310).map(keyOf), scorers))).toEqual(some(0, 310));
    expect(logger.lines.filter((line) => line.startsWith('warn')).map((line) => line.replace(folder, ''))).toEqual([
      expect.stringMatching(/^warn: A score segment cannot be read and is left out; .*"file":"\/segments\/bad\.parquet"/),
    ]);
    await store.record(some(310, 400));
    await store.settle('all');
    expect((await store.lookUp(range(0, 400).map(keyOf), scorers)).size).toBe(400);
    expect(await files('segments')).toContain('bad.parquet');
  });
});

it('keeps results in the journal when segments cannot be made', async () => {
  await writeFile(path.join(folder, 'segments'), 'a file where the folder should be');
  const store = openStore();
  await store.record(some(0, 300));
  await store.settle('all');
  expect((await files('journal')).length).toBe(1);
  expect(sorted(await store.lookUp([keyOf(7)], scorers))).toEqual([measured(7)]);
  expect(logger.lines.join('\n')).toContain('Score journals could not be made into segments; they stay as they are');
});

it('says what is safe when a result cannot be kept', async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'journal'), 'a file where the folder should be');
  await expect(openStore().record(some(0, 1))).rejects.toThrow(/^Scores could not be kept: .*journal: .* What was finished before is safe; the next run goes on from there\.$/);
});

it('stops a look-up with the reason of its signal', async () => {
  await stored(...some(0, 10));
  await expect(openStore().lookUp([keyOf(1)], scorers, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
