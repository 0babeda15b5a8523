import { describe, expect, it } from 'vitest';
import { type Backoff, type RetryVerdict, isRetryableStatus, realBackoff, retry, retryAfterMs } from '../../../src/engine/jobs/retry';

/** A clock that only writes down how long it was asked to wait. */
function recordedBackoff(random: number): Backoff & { readonly waits: number[] } {
  const waits: number[] = [];
  return { waits, random: () => random, sleep: (milliseconds) => Promise.resolve(void waits.push(milliseconds)) };
}

/** Fails `failures` times, then succeeds; says how often it was called. */
function failing(failures: number) {
  let calls = 0;
  const attempt = (): Promise<string> => {
    calls += 1;
    return calls <= failures ? Promise.reject(new Error(`failure ${calls}`)) : Promise.resolve('done');
  };
  return { attempt, calls: () => calls };
}

const again = (): RetryVerdict => ({ again: true });

describe('trying again', () => {
  it.each([
    ['none of the jitter', 0, [250, 500, 1000, 2000]],
    ['half of the jitter', 0.5, [375, 750, 1500, 3000]],
  ])('waits twice as long each time, with %s', async (_, random, waits) => {
    const backoff = recordedBackoff(random);
    expect(await retry(failing(4).attempt, { backoff, judge: again, attempts: () => 5 })).toBe('done');
    expect(backoff.waits).toEqual(waits);
  });

  it('never waits longer than 30 s of its own accord', async () => {
    const backoff = recordedBackoff(1);
    await retry(failing(9).attempt, { backoff, judge: again, attempts: () => 10 });
    expect(Math.max(...backoff.waits)).toBe(30_000);
  });

  it.each([
    [0, 7000],
    [1, 7700],
  ])('waits at least as long as the server asked (chance %d)', async (random, milliseconds) => {
    const backoff = recordedBackoff(random);
    await retry(failing(1).attempt, { backoff, judge: () => ({ again: true, afterMs: 7000 }), attempts: () => 2 });
    expect(backoff.waits).toEqual([milliseconds]);
  });

  it('gives up at once when the server asks for more than five minutes', async () => {
    const task = failing(1);
    await expect(retry(task.attempt, { backoff: recordedBackoff(0), judge: () => ({ again: true, afterMs: 3_600_000 }), attempts: () => 5 })).rejects.toThrow('failure 1');
    expect(task.calls()).toBe(1);
  });

  it('throws the last error when the attempts are used up', async () => {
    const task = failing(9);
    await expect(retry(task.attempt, { backoff: recordedBackoff(0), judge: again, attempts: () => 3 })).rejects.toThrow('failure 3');
    expect(task.calls()).toBe(3);
  });

  it('does not try again what is final', async () => {
    const task = failing(9);
    await expect(retry(task.attempt, { backoff: recordedBackoff(0), judge: () => ({ again: false }), attempts: () => 3 })).rejects.toThrow('failure 1');
    expect(task.calls()).toBe(1);
  });

  it('stops waiting when cancelled', async () => {
    const controller = new AbortController();
    const running = retry(failing(9).attempt, {
      backoff: { ...realBackoff, random: () => 1 },
      judge: () => ({ again: true, afterMs: 60_000 }),
      attempts: () => 3,
      signal: controller.signal,
      onWait: () => setImmediate(() => controller.abort(new Error('enough'))),
    });
    await expect(running).rejects.toThrow('enough');
  });
});

it.each([
  [400, false], [401, false], [403, false], [404, false], [422, false],
  [408, true], [409, true], [429, true], [500, true], [502, true], [503, true], [529, true],
])('status %d is worth another try: %s', (status, worth) => {
  expect(isRetryableStatus(status)).toBe(worth);
});

describe('Retry-After', () => {
  const now = new Date('2025-03-01T12:00:00Z');

  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a fraction of a second', { 'retry-after': '0.5' }, 500],
    ['a date to come', { 'retry-after': 'Sat, 01 Mar 2025 12:00:30 GMT' }, 30_000],
    ['a date gone by', { 'retry-after': 'Sat, 01 Mar 2025 11:00:00 GMT' }, 0],
    ['milliseconds before seconds', { 'retry-after-ms': '120', 'retry-after': '7' }, 120],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['nothing', {}, undefined],
  ])('reads %s', (_, headers: Readonly<Record<string, string>>, milliseconds) => {
    expect(retryAfterMs((name) => headers[name], now)).toBe(milliseconds);
  });
});
