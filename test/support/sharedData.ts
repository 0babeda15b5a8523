import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Path of a file of the real data beside the checkout, or undefined (said once on the console) where it is absent. */
export function sharedData(name: string): string | undefined {
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  console.warn(`skipped: real data ${name} is not beside this checkout`);
  return undefined;
}
