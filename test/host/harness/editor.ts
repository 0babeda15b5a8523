import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { type Installed, installedAsEnvironment, root } from './environment';
import { installExtension } from './workbench';

/** A VS Code that takes desktop arguments. */
export interface Editor {
  readonly name: string;
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
  install(vsix: string, userDataDir: string, extensionsDir: string): void;
}

/** Desktop VS Code, downloaded once into .vscode-test/. Gives up soon where the download cannot be reached. */
export async function desktopEditor(): Promise<Editor> {
  const executable = await downloadAndUnzipVSCode({ version: 'stable', timeout: 8000 });
  return {
    name: 'desktop VS Code',
    executable,
    environment: {},
    install: (vsix, userDataDir, extensionsDir) => {
      const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
      if (!cli) throw new Error(`No command line belongs to ${executable}.`);
      execFileSync(cli, [...args, '--user-data-dir', userDataDir, '--extensions-dir', extensionsDir, '--install-extension', vsix], { stdio: 'pipe', shell: process.platform === 'win32' });
    },
  };
}

/** The VS Code server with a browser as its screen. */
export function serverEditor(installed: Installed): Editor {
  return {
    name: 'VS Code server',
    executable: path.join(root, 'build/test/codeHost.mjs'),
    environment: installedAsEnvironment(installed),
    install: (vsix, userDataDir, extensionsDir) => installExtension(installed, vsix, userDataDir, extensionsDir),
  };
}
