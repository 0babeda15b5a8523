import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import { readExactly, readWhole, withFile } from './boundedRead';
import { maxConfigBytes } from './modelConfig';

const maxTokenizerBytes = 256 * 2 ** 20;
const samples = 64;
const sampleBytes = 4_096;

export interface FingerprintedFile {
  readonly file: string;
  /** Read whole from the start; the samples are spread over the rest. */
  readonly headerBytes: number;
}

/**
 * 8 hex digits over config.json, the tokenizer's files, and of each file of weights its size, its header and evenly spaced
 * samples: the same checkpoint gives the same on every machine, one trained further or converted another, at the cost of a
 * few hundred KB read.
 */
export async function fingerprint(folder: string, weights: readonly FingerprintedFile[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await addWhole(hash, folder, 'config.json', maxConfigBytes);
  // A folder may hold both forms of its tokenizer or only one; tokenizer.json is what is read where it is there.
  if (!(await addWhole(hash, folder, 'tokenizer.json', maxTokenizerBytes))) {
    for (const name of ['vocab.json', 'merges.txt']) await addWhole(hash, folder, name, maxTokenizerBytes);
  }
  for (const file of weights) {
    signal?.throwIfAborted();
    await addSampled(hash, file);
  }
  return hash.digest('hex').slice(0, 8);
}

async function addWhole(hash: Hash, folder: string, name: string, limit: number): Promise<boolean> {
  const bytes = await readWhole(path.join(folder, name), limit);
  if (bytes === undefined) return false;
  hash.update(`${name} ${bytes.length}\n`).update(bytes);
  return true;
}

function addSampled(hash: Hash, { file, headerBytes }: FingerprintedFile): Promise<void> {
  return withFile(file, async (handle, size) => {
    hash.update(`weights ${size}\n`);
    const header = Buffer.alloc(Math.min(headerBytes, size));
    await readExactly(handle, file, 0, header);
    hash.update(header);
    const span = size - header.length;
    for (let i = 0; i < samples; i++) {
      const start = header.length + Math.floor((Math.max(0, span - sampleBytes) * i) / (samples - 1));
      const sample = Buffer.alloc(Math.min(sampleBytes, size - start));
      await readExactly(handle, file, start, sample);
      hash.update(sample);
    }
  });
}
