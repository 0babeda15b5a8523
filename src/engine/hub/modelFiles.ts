import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** The files of a model that Cupel can score with, and what a folder lacks of them. */

export const configFile = 'config.json';
export const tokenizerFile = 'tokenizer.json';
export const tokenizerParts = ['vocab.json', 'merges.txt'] as const;
export const weightsFile = 'model.safetensors';
export const weightsIndexFile = 'model.safetensors.index.json';
export const graphFile = 'model.onnx';

/** For messages about a model of which nothing is known. */
export const neededFiles = `${configFile}, ${tokenizerFile} (or ${tokenizerParts.join(' and ')}), and ${weightsFile} (or its shards with ${weightsIndexFile}, or ${graphFile})`;

/** The index of a model with thousands of tensors has a few hundred kilobytes. */
const maxJsonBytes = 16 << 20;

const weightsIndex = z.object({ weight_map: z.record(z.string(), z.string()) });
const config = z.object({ architectures: z.array(z.string()).optional() });

/** What a folder lacks of a whole model, as parts of a sentence; empty for a whole one. Files are only looked for, not read, apart from the index of shards. */
export async function missingFiles(folder: string): Promise<readonly string[]> {
  const has = (name: string): Promise<boolean> => isFile(path.join(folder, name));
  const missing: string[] = [];
  const isGraph = await has(graphFile);
  // A graph says by itself how it is to be run.
  if (!isGraph && !(await has(configFile))) missing.push(configFile);
  if (!(await has(tokenizerFile))) {
    const parts = await Promise.all(tokenizerParts.map(has));
    const lacking = tokenizerParts.filter((_, index) => parts[index] === false);
    if (lacking.length === tokenizerParts.length) missing.push(`${tokenizerFile} (or ${tokenizerParts.join(' and ')})`);
    else if (lacking.length > 0) missing.push(`${lacking.join(' and ')} (or ${tokenizerFile})`);
  }
  if (isGraph || (await has(weightsFile))) return missing;
  if (!(await has(weightsIndexFile))) return [...missing, `${weightsFile} (or its shards with ${weightsIndexFile}, or ${graphFile})`];
  const shards = shardNames(await readSmallFile(path.join(folder, weightsIndexFile)));
  if (shards === undefined) return [...missing, `a readable ${weightsIndexFile}`];
  const present = await Promise.all(shards.map(has));
  return [...missing, ...shards.filter((_, index) => present[index] === false)];
}

/** The files that an index of shards names, in order; undefined where it cannot be read or names anything but plain safetensors files. */
export function shardNames(text: string | undefined): readonly string[] | undefined {
  const parsed = weightsIndex.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const names = [...new Set(Object.values(parsed.data.weight_map))].sort();
  return names.length > 0 && names.every((name) => /^\w[\w.-]*\.safetensors$/.test(name)) ? names : undefined;
}

/** The classes that a folder's config.json names, such as `GPT2LMHeadModel`; empty where there is none to read. */
export async function architectures(folder: string): Promise<readonly string[]> {
  const parsed = config.safeParse(parseJson(await readSmallFile(path.join(folder, configFile))));
  return parsed.success ? (parsed.data.architectures ?? []) : [];
}

export async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

/** A file's text; undefined where it cannot be read or is too large to be what its name says. */
async function readSmallFile(file: string): Promise<string | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    return size <= maxJsonBytes ? await handle.readFile('utf8') : undefined;
  } catch {
    return undefined; // A folder or a broken disk: as good as no file, and the caller names it.
  } finally {
    await handle.close();
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
