// How a ring tells `npm test` what it did: a line for the person, counts as JSON in build/reports/.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './ensure.mjs';

const folder = path.join(root, 'build/reports');

/** Path of a ring's report. An old one is removed, so that a ring that dies cannot pass on yesterday's counts. */
export function freshReport(ring) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${ring}.json`);
  rmSync(file, { force: true });
  return file;
}

/** Keeps `{ passed, failed, skipped }`, prints it, and sets the exit code. A ring without a test has failed. */
export function report(ring, counts) {
  const failed = counts.passed + counts.failed === 0 ? 1 : counts.failed;
  writeFileSync(freshReport(ring), JSON.stringify({ ...counts, failed }));
  console.log(`${ring}: ${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}

export function readReport(ring) {
  return JSON.parse(readFileSync(path.join(folder, `${ring}.json`), 'utf8'));
}
