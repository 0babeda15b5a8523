import { findFormat } from '../../core/exports/formats';
import type { WriteReport } from '../../core/exports/writeReport';
import { DatasetError, readDataset } from '../files/dataset';
import { rememberVersion } from './unchanged';
import { writeWithManifest } from './writeWithManifest';

export interface ExportOptions {
  readonly file: string;
  /** An `ExportFormat.id`. */
  readonly format: string;
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/**
 * Writes every record that the format can hold, one JSON object a line, and a manifest beside it.
 * Records that it cannot hold are counted by reason, never bent to fit.
 *
 * @throws DatasetError for an unreadable file or an unknown format.
 */
export async function exportDataset(options: ExportOptions): Promise<WriteReport> {
  const format = findFormat(options.format);
  if (!format) throw new DatasetError(`There is no export format "${options.format}".`);
  const dropped = new Map<string, number>();
  const leaveOut = (reason: string) => void dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  const assertUnchanged = await rememberVersion(options.file);
  let total = 0;
  let written = 0;

  async function* exported(to: NonNullable<typeof format>) {
    for await (const { parsed } of readDataset(options.file, options.signal)) {
      if (parsed.status === 'empty') continue;
      if (parsed.status === 'invalid') {
        leaveOut('not a record');
        continue;
      }
      total += 1;
      options.onProgress?.(total);
      const result = to.write(parsed.record);
      if (result.ok) {
        written += 1;
        yield `${JSON.stringify(result.value)}\n`;
      } else {
        leaveOut(result.reason);
      }
    }
    await assertUnchanged();
  }
  return writeWithManifest({
    input: options.file,
    out: options.out,
    chunks: exported(format),
    counts: () => ({ total, written, dropped }),
    format: format.id,
  });
}
