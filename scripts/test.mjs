// `npm test`: everything, ring by ring; goes on after a failing one. The last line is `N passed, N failed`.
// Types, lint and layers count as one test each. Names as arguments choose rings: `npm test -- unit host`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBrowser, ensureDependencies, ensureRuntime, root } from './ensure.mjs';
import { freshReport, readReport } from './report.mjs';

const tool = (name) => path.join(root, 'node_modules', name);

/** A ring ends with an exit code; one with `counts` also says how many tests it ran. */
const rings = [
  { name: 'types', args: [tool('typescript/bin/tsc'), '-b'] },
  { name: 'lint', args: [tool('eslint/bin/eslint.js'), '.', '--max-warnings', '0'] },
  { name: 'layers', args: ['scripts/layers.mjs'] },
  { name: 'unit', args: [tool('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${freshReport('unit')}`], counts: unitCounts },
  { name: 'host', args: ['test/host/run.mjs'], counts: ringCounts },
  { name: 'screen', args: ['test/screen/run.mjs'], counts: ringCounts },
];

const chosen = process.argv.slice(2);
for (const name of chosen) if (!rings.some((ring) => ring.name === name)) throw new Error(`No ring is called ${name}: ${rings.map((ring) => ring.name).join(', ')}.`);

await ensureDependencies();
// Both rings would install what they need; doing it here keeps their time their own.
if (process.platform === 'linux' && ['host', 'screen'].some(isChosen)) {
  await ensureBrowser();
  await ensureRuntime();
}

const results = [];
for (const ring of rings.filter(({ name }) => isChosen(name))) {
  console.log(`\n── ${ring.name}`);
  freshReport(ring.name);
  const started = Date.now();
  const code = await run(ring.args);
  const counts = countsOf(ring, code);
  results.push({ ...counts, name: ring.name, seconds: Math.round((Date.now() - started) / 1000) });
}

console.log('');
for (const { name, passed, failed, seconds } of results) console.log(`${failed === 0 ? '✓' : '✗'} ${name.padEnd(6)} ${passed} passed, ${failed} failed (${seconds} s)`);
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;

function isChosen(name) {
  return chosen.length === 0 || chosen.includes(name);
}

/** A ring that ran no test, or ended badly without naming one, has failed. */
function countsOf({ name, counts }, code) {
  if (!counts) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  let said;
  try {
    said = counts(name);
  } catch (error) {
    console.error(`The ${name} ring left no readable report: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  const { passed, failed } = said;
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
}

function unitCounts(name) {
  const { numPassedTests, numFailedTests } = readReport(name);
  return { passed: numPassedTests, failed: numFailedTests };
}

function ringCounts(name) {
  return readReport(name);
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ? 1 : code));
  });
}
