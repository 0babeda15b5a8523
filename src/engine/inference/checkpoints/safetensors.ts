import { z } from 'zod';
import { parseJson, readExactly, withFile } from './boundedRead';
import { CheckpointError } from './checkpointError';

/** Element types that weights may have; bytes per element. */
export const weightTypes = { F32: 4, F16: 2, BF16: 2 } as const;
export type WeightType = keyof typeof weightTypes;

/** A tensor as it lies in its file, row by row, little endian. */
export interface StoredTensor {
  readonly name: string;
  readonly type: WeightType;
  readonly shape: readonly number[];
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface SafetensorsFile {
  readonly file: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Where the header begins and ends, for fingerprints. */
  readonly headerBytes: number;
  /** Weights only: tensors of other types (masks, counters) are checked like all others and left out. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** The format's own bound on the header. */
const maxHeaderBytes = 100_000_000;
const typeBytes: Readonly<Record<string, number>> = { ...weightTypes, F64: 8, I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1, F8_E4M3: 1, F8_E5M2: 1 };

const entrySchema = z.object({
  dtype: z.string().max(20),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z.record(z.string(), z.unknown());

/**
 * Reads the header of a safetensors file: 8 bytes of length (little endian), then JSON, then the data that the offsets in the
 * JSON divide without gap or overlap (https://huggingface.co/docs/safetensors). Nothing it claims is believed: rejects with a
 * `CheckpointError` when lengths, offsets, shapes and types do not agree with each other and with the file's size.
 */
export function readSafetensors(file: string): Promise<SafetensorsFile> {
  return withFile(file, async (handle, bytes) => {
    if (bytes < 8) throw damaged(file, `it has ${bytes} bytes, too few for a header`);
    const prefix = Buffer.alloc(8);
    await readExactly(handle, file, 0, prefix);
    const claimed = prefix.readBigUInt64LE();
    if (claimed > BigInt(bytes - 8)) throw damaged(file, `its header claims ${claimed} bytes where ${bytes - 8} follow`);
    if (claimed > BigInt(maxHeaderBytes)) throw damaged(file, `its header claims ${claimed} bytes, above the format's ${maxHeaderBytes}`);
    const header = Buffer.alloc(Number(claimed));
    await readExactly(handle, file, 8, header);
    const dataStart = 8 + header.length;
    return { file, bytes, headerBytes: dataStart, tensors: readTensors(file, header, dataStart, bytes - dataStart) };
  });
}

function readTensors(file: string, header: Buffer, dataStart: number, dataBytes: number): Map<string, StoredTensor> {
  const parsed = headerSchema.safeParse(parseJson(file, header.toString('utf8')));
  if (!parsed.success) throw damaged(file, 'its header is not an object');
  const tensors = new Map<string, StoredTensor>();
  const ranges: { name: string; begin: number; end: number }[] = [];
  for (const [name, raw] of Object.entries(parsed.data)) {
    if (name === '__metadata__') continue;
    const entry = entrySchema.safeParse(raw);
    if (!entry.success) throw damaged(file, `its header describes "${shown(name)}" in another form than type, shape and offsets`);
    const { dtype, shape, data_offsets } = entry.data;
    const [begin, end] = data_offsets;
    if (begin > end || end > dataBytes) throw damaged(file, `"${shown(name)}" lies at bytes ${begin} to ${end} of ${dataBytes}`);
    const size = typeBytes[dtype];
    if (size === undefined) throw damaged(file, `"${shown(name)}" has the type ${shown(dtype)}, which is none of the format's`);
    const expected = shape.reduce((product, side) => product * side, size);
    if (expected !== end - begin) throw damaged(file, `"${shown(name)}" has ${end - begin} bytes where its shape [${shape.join(', ')}] of ${dtype} takes ${expected}`);
    ranges.push({ name, begin, end });
    if (isWeightType(dtype)) tensors.set(name, { name, type: dtype, shape, file, offset: dataStart + begin, bytes: expected });
  }
  assertTiled(file, ranges, dataBytes);
  return tensors;
}

function assertTiled(file: string, ranges: { name: string; begin: number; end: number }[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of ranges.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered) throw damaged(file, `"${shown(name)}" overlaps another tensor`);
    if (begin > covered) throw damaged(file, `${begin - covered} bytes before "${shown(name)}" belong to no tensor`);
    covered = end;
  }
  if (covered !== dataBytes) throw damaged(file, `${dataBytes - covered} bytes at its end belong to no tensor`);
}

function isWeightType(type: string): type is WeightType {
  return Object.hasOwn(weightTypes, type);
}

/** Names come from the file: no more of one than a message can bear. */
function shown(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

function damaged(file: string, why: string): CheckpointError {
  return new CheckpointError(`${file} is damaged or no safetensors file: ${why}; fetch it again.`);
}
