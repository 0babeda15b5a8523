import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A real file system of its own that is soon full, or read-only. */
export interface SmallDisk {
  readonly folder: string;
  resize(kilobytes: number): void;
  readOnly(): void;
  remove(): void;
}

/** Undefined (said on the console) where one cannot be made: it takes Linux and the right to mount. */
export function smallDisk(kilobytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'cupel-disk-'));
  const mount = (...options: string[]) => execFileSync('mount', [...options, folder], { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'cupel');
  } catch {
    rmdirSync(folder);
    console.warn('skipped: no small disk can be mounted here');
    return undefined;
  }
  return {
    folder,
    resize: (to) => void mount('-o', `remount,rw,size=${to}k`),
    readOnly: () => void mount('-o', 'remount,ro'),
    remove: () => {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    },
  };
}
