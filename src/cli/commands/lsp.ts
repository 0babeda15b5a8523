import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitCode } from '../exit';
import type { AddCommand } from './command';

/** What the server looks for among the process's arguments. */
const transport = '--stdio';

export const addLsp: AddCommand = (program, { signal }) => {
  program
    .command('lsp')
    .description('Run the language server for an editor, over standard input and output')
    .option(transport, 'the one transport there is', true)
    .action(async () => {
      if (!process.argv.includes(transport)) process.argv.push(transport);
      signal.addEventListener('abort', () => process.exit(exitCode.interrupted), { once: true });
      // In this process, not in a child: an editor that ends what it started leaves nothing behind.
      await import(pathToFileURL(path.join(__dirname, 'server.cjs')).href);
      // The server ends the process: with 0 when it was shut down before, else with 1.
      await new Promise<never>(() => undefined);
    });
};
