import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { exitCode } from '../exit';
import type { AddCommand } from './command';

export const addLsp: AddCommand = (program, { signal, finish }) => {
  program
    .command('lsp')
    .description('Run the language server for an editor, over standard input and output')
    .option('--stdio', 'the one transport there is', true)
    .action(async () => {
      const server = spawn(process.execPath, [path.join(__dirname, 'server.cjs'), '--stdio'], { stdio: 'inherit' });
      signal.addEventListener('abort', () => server.kill('SIGTERM'), { once: true });
      const [code] = (await once(server, 'exit')) as [number | null];
      finish(code === 0 ? exitCode.done : exitCode.findings);
    });
};
