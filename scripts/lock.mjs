// One process at a time for work that others must not see half done: installing, bundling.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Longer than any install: an older lock was left by a process of another boot or container, whose number may be in use again. */
const oldest = 20 * 60_000;
const locks = fileURLToPath(new URL('../build/locks', import.meta.url));

/** Runs `work` while holding the named lock; waits for another holder, and takes over from one that is gone. */
export async function withLock(name, work) {
  mkdirSync(locks, { recursive: true });
  const file = path.join(locks, name);
  while (!claim(file)) await wait(100);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function claim(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!holderIsGone(file)) return false;
    rmSync(file, { force: true });
    return false;
  }
}

function holderIsGone(file) {
  const state = statSync(file, { throwIfNoEntry: false });
  if (!state) return false;
  if (Date.now() - state.mtimeMs > oldest) return true;
  let holder;
  try {
    holder = Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
  // An empty file is a lock being written this moment.
  if (!holder) return false;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
