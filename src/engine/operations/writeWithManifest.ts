import path from 'node:path';
import { version } from '../../base/version';
import { buildManifest, countedReasons, type ManifestFacts } from '../../core/exports/manifest';
import type { WriteReport } from '../../core/exports/writeReport';
import { sha256OfFile, writeAtomically } from '../files/atomicWrite';
import { assertOtherFile } from '../files/sameFile';

export interface ManifestedWrite extends Pick<ManifestFacts, 'format' | 'selection' | 'scorers' | 'car'> {
  readonly input: string;
  readonly out: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
  /** Asked once everything is written. */
  readonly counts: () => { readonly total: number; readonly written: number; readonly dropped: ReadonlyMap<string, number> };
}

/**
 * Writes a file and, beside it, the manifest that says where its lines come from.
 *
 * @throws DatasetError when the output or its manifest would replace the input.
 */
export async function writeWithManifest(write: ManifestedWrite): Promise<WriteReport> {
  const { input, out, format, selection, scorers, car } = write;
  const manifestPath = path.join(path.dirname(out), `${path.basename(out).replace(/\.[^.]+$/, '')}.manifest.json`);
  await assertOtherFile(out, input);
  await assertOtherFile(manifestPath, input);
  const output = await writeAtomically(out, write.chunks);
  const { total, written, dropped } = write.counts();
  const reasons = new Map([...dropped].filter(([, records]) => records > 0));
  const manifest = buildManifest({
    version,
    time: new Date(),
    input: { name: path.basename(input), sha256: await sha256OfFile(input) },
    output: { name: path.basename(out), sha256: output.sha256 },
    records: written,
    format,
    total,
    dropped: reasons,
    ...(selection && { selection }),
    ...(scorers && { scorers }),
    ...(car && { car }),
  });
  await writeAtomically(manifestPath, [`${JSON.stringify(manifest, null, 2)}\n`]);
  return { out, manifest: manifestPath, total, written, dropped: countedReasons(reasons) };
}
