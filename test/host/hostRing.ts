import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import type { Editor } from './harness/editor';
import { root } from './harness/environment';

export { desktopEditor, serverEditor } from './harness/editor';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Which part of the suite proves that the package has everything it needs: the server, the worker, DuckDB, the ONNX runtime, the models. */
const suitesForPackage = 'activation,scoring,smallModel,writing';

/** Runs the suite in the real extension host twice: on the sources, and on the package as a user installs it. */
export async function runHostRing(editor: Editor, vsix: string | undefined): Promise<Counts> {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  console.log(`Extension host: ${editor.name}`);
  add(total, await runInEditor(editor, { title: 'from the sources', developmentPath: root }));
  if (vsix) add(total, await runInEditor(editor, { title: `installed from ${path.basename(vsix)}`, vsix, suites: suitesForPackage }));
  return total;
}

interface Run {
  readonly title: string;
  /** The extension under test; absent when it is installed from `vsix`. */
  readonly developmentPath?: string;
  readonly vsix?: string;
  readonly suites?: string;
}

async function runInEditor(editor: Editor, run: Run): Promise<Counts> {
  console.log(`\n${run.title}`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'cupel-host-'));
  const report = path.join(scratch, 'report.json');
  const userDataDir = path.join(scratch, 'user');
  const extensionsDir = path.join(scratch, 'extensions');
  try {
    if (run.vsix) editor.install(run.vsix, userDataDir, extensionsDir);
    await runTests({
      vscodeExecutablePath: editor.executable,
      extensionDevelopmentPath: run.developmentPath ?? placeholderExtension(scratch),
      extensionTestsPath: path.join(root, 'build/test/hostSuite.cjs'),
      launchArgs: [workspace(scratch), `--user-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`],
      extensionTestsEnv: { ...editor.environment, CUPEL_TEST_REPORT: report, ...(run.suites ? { CUPEL_TEST_SUITES: run.suites } : {}) },
    });
    return readReport(report);
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    const counts = readReport(report);
    // A host that ended badly without one failed test has failed all the same.
    return { ...counts, failed: Math.max(1, counts.failed) };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readReport(file: string): Counts {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Counts) : { passed: 0, failed: 1, skipped: 0 };
}

/** A copy of the examples, so that tests may edit them. */
function workspace(scratch: string): string {
  const folder = path.join(scratch, 'workspace');
  cpSync(path.join(root, 'examples'), folder, { recursive: true });
  return folder;
}

/** VS Code runs tests only beside an extension under development; this one has nothing in it. */
function placeholderExtension(scratch: string): string {
  const folder = path.join(scratch, 'placeholder');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'placeholder', publisher: 'test', version: '0.0.0', engines: { vscode: '*' } }));
  return folder;
}

function add(total: Counts, part: Counts): void {
  total.passed += part.passed;
  total.failed += part.failed;
  total.skipped += part.skipped;
}
