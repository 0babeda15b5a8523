import path from 'node:path';

/** The checkout. The harness is bundled into build/test/, two folders below it. */
export const root = path.resolve(import.meta.dirname, '../..');

/** What scripts/ensure.mjs found or installed, handed on by the runner. */
export interface Installed {
  /** Folder of the `code-server` package. */
  readonly server: string;
  /** The Node that code-server asks for. */
  readonly node: string;
  readonly browser: string;
}

const names = { server: 'CUPEL_TEST_SERVER', node: 'CUPEL_TEST_NODE', browser: 'CUPEL_TEST_BROWSER' } as const;

export function readInstalled(): Installed {
  return { server: required(names.server), node: required(names.node), browser: required(names.browser) };
}

/** The same facts as environment variables, for a process that calls `readInstalled`. */
export function installedAsEnvironment(installed: Installed): Record<string, string> {
  return { [names.server]: installed.server, [names.node]: installed.node, [names.browser]: installed.browser };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Start the tests with npm run test:host or npm run test:screen.`);
  return value;
}
