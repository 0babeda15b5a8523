import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { defineActions } from './actions';
import { defineActivation } from './activation';
import { defineBigFiles } from './bigFiles';
import { defineEndpoints } from './endpoints';
import { MarkedLines } from './markedLines';
import { defineNavigation } from './navigation';
import { defineProblems } from './problems';
import { defineReading } from './reading';
import { defineRecordView } from './recordView';
import { defineRepair } from './repair';
import { defineReview } from './review';
import { defineScorers } from './scorers';
import { defineScoring } from './scoring';
import { defineServerRestart } from './serverRestart';
import { defineSmallModel } from './smallModel';
import { defineTokenSurprise } from './tokenSurprise';
import { defineWriting } from './writing';

const suites: Readonly<Record<string, () => void>> = {
  activation: defineActivation,
  reading: defineReading,
  recordView: defineRecordView,
  navigation: defineNavigation,
  bigFiles: defineBigFiles,
  actions: defineActions,
  problems: defineProblems,
  repair: defineRepair,
  scoring: defineScoring,
  tokenSurprise: defineTokenSurprise,
  scorers: defineScorers,
  smallModel: defineSmallModel,
  review: defineReview,
  endpoints: defineEndpoints,
  writing: defineWriting,
  serverRestart: defineServerRestart,
};

/** What `@vscode/test-electron` calls inside the extension host. Runs the chosen suites and writes what passed and failed as JSON. */
export async function run(): Promise<void> {
  const chosen = process.env.CUPEL_TEST_SUITES?.split(',') ?? Object.keys(suites);
  // In this order; each suite stands on its own.
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, reporter: MarkedLines });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const name of chosen) {
    const define = suites[name];
    if (!define) throw new Error(`No suite is called ${name}.`);
    define();
  }
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
  });
  if (!stats) throw new Error('Mocha counted nothing.');
  if (process.env.CUPEL_TEST_REPORT) writeFileSync(process.env.CUPEL_TEST_REPORT, JSON.stringify({ passed: stats.passes, failed: stats.failures, skipped: stats.pending }));
  if (stats.failures > 0) throw new Error(`${stats.failures} failed`);
}
