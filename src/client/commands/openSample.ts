import { FileSystemError, Uri, window, workspace } from 'vscode';
import type { Command } from './command';

/** Opens a copy of the sample dataset, so that trying things out changes nothing that was installed. */
export function openSample(installed: Uri, storage: Uri): Command {
  return {
    id: 'cupel.openSample',
    failure: 'The sample could not be opened',
    async run() {
      const copy = Uri.joinPath(storage, 'examples');
      const sample = Uri.joinPath(copy, 'sample.jsonl');
      if (!(await exists(sample))) await workspace.fs.copy(Uri.joinPath(installed, 'examples'), copy, { overwrite: true });
      await window.showTextDocument(sample);
      return sample;
    },
  };
}

async function exists(file: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(file);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
