import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Milliseconds of `work`, `count` times: by the clock, and how long the main thread of process `pid` ran meanwhile, which says
 * what the server itself took on a machine that has more to do.
 */
export async function timed(pid, count, work) {
  const times = { clock: [], cpu: [] };
  for (let round = 0; round < count; round += 1) {
    const [started, ran] = [performance.now(), mainThreadMs(pid)];
    await work(round);
    times.clock.push(performance.now() - started);
    times.cpu.push(mainThreadMs(pid) - ran);
  }
  return times;
}

/** Waits until process `pid` has next to nothing to do any more: it ran for less than a twentieth of half a second. */
export async function atRest(pid) {
  for (let before = processMs(pid); ; ) {
    await wait(500);
    const after = processMs(pid);
    if (after - before < 25) return;
    before = after;
  }
}

/** All threads, those that have ended too. */
function processMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function joined(all) {
  return { clock: all.flatMap(({ clock }) => clock), cpu: all.flatMap(({ cpu }) => cpu) };
}

function mainThreadMs(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

export function summary({ clock, cpu }) {
  const { p50, p99 } = percentiles(cpu);
  return { ...percentiles(clock), cpuP50: p50, cpuP99: p99 };
}

function percentiles(times) {
  const sorted = Float64Array.from(times).sort();
  const at = (share) => round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]);
  return { samples: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1) };
}

export function round(value) {
  return Math.round(value * 100) / 100;
}

/** Megabytes that a process holds now, and the most it ever held. */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
}
