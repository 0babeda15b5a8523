import path from 'node:path';
import { z } from 'zod';
import { readExactly, readJson, withFile } from './boundedRead';
import { CheckpointError, MissingFileError } from './checkpointError';
import { readSafetensors, type SafetensorsFile, type StoredTensor } from './safetensors';

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().min(1).max(255)) });
const maxIndexBytes = 64 * 2 ** 20;
const maxShards = 1_000;

/** Where every weight of a checkpoint lies, over one file or several shards. */
export class Weights {
  readonly files: readonly SafetensorsFile[];
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #source: string;

  /** @param source the file that says which tensors there are */
  constructor(files: readonly SafetensorsFile[], tensors: ReadonlyMap<string, StoredTensor>, source: string) {
    this.files = files;
    this.#tensors = tensors;
    this.#source = source;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** The tensor of that name and shape; throws a `CheckpointError` when there is none. */
  get(name: string, shape: readonly number[]): StoredTensor {
    const tensor = this.find(name);
    if (tensor.shape.length !== shape.length || tensor.shape.some((side, axis) => side !== shape[axis])) {
      throw new CheckpointError(`${tensor.file}: "${name}" has the shape [${tensor.shape.join(', ')}] where config.json asks for [${shape.join(', ')}]; fetch both from the same model.`);
    }
    return tensor;
  }

  /** The tensor of that name whatever its shape; throws a `CheckpointError` when there is none. */
  find(name: string): StoredTensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new CheckpointError(`${this.#source} has no tensor "${name}" in F32, F16 or BF16, which config.json asks for; fetch both from the same model.`);
    return tensor;
  }
}

/** Reads the headers of `model.safetensors`, or else of the shards that `model.safetensors.index.json` names. Rejects with a `CheckpointError`. */
export async function readWeights(folder: string): Promise<Weights> {
  const single = path.join(folder, 'model.safetensors');
  try {
    const file = await readSafetensors(single);
    return new Weights([file], file.tensors, single);
  } catch (error) {
    if (!(error instanceof MissingFileError)) throw error;
  }
  const indexFile = path.join(folder, 'model.safetensors.index.json');
  const index = await readJson(indexFile, maxIndexBytes);
  if (index === undefined) throw new MissingFileError(`${folder} has no model.safetensors, no model.safetensors.index.json and no model.onnx; fetch one of them (weights in other forms, such as pytorch_model.bin, are not read).`);
  return readShards(folder, indexFile, index);
}

async function readShards(folder: string, indexFile: string, index: unknown): Promise<Weights> {
  const parsed = indexSchema.safeParse(index);
  if (!parsed.success) throw new CheckpointError(`${indexFile} has no "weight_map" from tensors to files; fetch it again.`);
  const map = Object.entries(parsed.data.weight_map);
  const names = [...new Set(map.map(([, name]) => name))].sort();
  if (names.length > maxShards) throw new CheckpointError(`${indexFile} names ${names.length} files, more than ${maxShards}; fetch it again.`);
  const outside = names.find((name) => !isPlainName(name));
  if (outside !== undefined) throw new CheckpointError(`${indexFile} names "${outside}", which is not a file of its own folder; fetch it again.`);
  const files = new Map<string, SafetensorsFile>();
  for (const name of names) files.set(name, await readSafetensors(path.join(folder, name)));
  const tensors = new Map<string, StoredTensor>();
  for (const [tensor, name] of map) {
    const stored = files.get(name)?.tensors.get(tensor);
    if (stored !== undefined) tensors.set(tensor, stored);
  }
  return new Weights([...files.values()], tensors, indexFile);
}

/** The bytes of a tensor, or of its rows from..to along the first axis. */
export async function readBytes(tensor: StoredTensor, from = 0, to = tensor.shape[0] ?? 1): Promise<Uint8Array<ArrayBuffer>> {
  const rowBytes = tensor.bytes / Math.max(1, tensor.shape[0] ?? 1);
  const bytes = new Uint8Array(rowBytes * (to - from));
  await withFile(tensor.file, (handle) => readExactly(handle, tensor.file, tensor.offset + from * rowBytes, bytes));
  return bytes;
}

function isPlainName(name: string): boolean {
  return name === path.posix.basename(name) && name === path.win32.basename(name) && name !== '.' && name !== '..' && !name.includes('\0');
}
