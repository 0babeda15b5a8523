import Mocha from 'mocha';

/** Lines of a failure: the assertion with its difference, and where it stands. */
const longestReason = 40;

/** Prints each test on a line that begins with `@@`, so that the runner can tell it from what the editor logs. */
export class MarkedLines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('suite', (suite) => suite.title && say(`  ${suite.title}`));
    runner.on('pass', (test) => say(`    ✓ ${test.title} (${test.duration ?? 0} ms)`));
    runner.on('pending', (test) => say(`    - ${test.title} (skipped)`));
    runner.on('fail', (test, error: Error) => {
      say(`    ✗ ${test.title}`);
      for (const line of (error.stack ?? error.message).split('\n').slice(0, longestReason)) say(`        ${line}`);
    });
  }
}

function say(line: string): void {
  console.log(`@@ ${line}`);
}
