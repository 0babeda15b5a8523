import { runProgram } from './program';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0); // The reader has seen enough, as with `| head`.
});

void runProgram(process.argv.slice(2), { out: process.stdout, err: process.stderr }, interrupt.signal).then((code) => {
  process.exitCode = code;
});
