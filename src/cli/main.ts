import { explainFileError } from '../engine/files/fileErrors';
import { exitCode } from './exit';
import { runProgram } from './program';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.done); // The reader has seen enough, as with `| head`.
  process.stderr.write(`Could not write to ${explainFileError(error, 'standard output')}\n`);
  process.exit(exitCode.usage);
});

void runProgram(process.argv.slice(2), { out: process.stdout, err: process.stderr }, interrupt.signal).then((code) => {
  process.exitCode = code;
});
