import { FileCheck } from '../../core/trainers/fileCheck';
import type { LineFinding } from '../../core/trainers/trainer';
import { findTrainer } from '../../core/trainers/trainers';
import { DatasetError, readDataset } from '../files/dataset';
import { rememberVersion } from './unchanged';

export interface CheckOptions {
  readonly file: string;
  /** A `Trainer.id`. */
  readonly trainer: string;
  readonly signal?: AbortSignal;
}

/**
 * What a trainer would reject or silently lose in a file, in line order.
 *
 * @throws DatasetError for an unreadable file, one that changes meanwhile, or an unknown trainer.
 */
export async function checkDataset(options: CheckOptions): Promise<readonly LineFinding[]> {
  const trainer = findTrainer(options.trainer);
  if (!trainer) throw new DatasetError(`There is no trainer profile "${options.trainer}".`);
  const check = new FileCheck(trainer);
  const findings: LineFinding[] = [];
  const assertUnchanged = await rememberVersion(options.file, { once: true });
  for await (const { number, text, parsed } of readDataset(options.file, options.signal)) {
    const isJson = parsed.status === 'ok' || (parsed.status === 'invalid' && parsed.rule === 'unknown-shape');
    findings.push(...check.line({ number, parsed, ...(isJson && { value: JSON.parse(text) as unknown }) }));
  }
  await assertUnchanged();
  return [...findings, ...check.end()];
}
