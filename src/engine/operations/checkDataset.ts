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

/** Millions of findings may say the same: so many different sentences are kept once. */
const sharedMessages = 1000;

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
  const messages = new Map<string, string>();
  const keep = ({ line, rule, severity, message, path }: LineFinding) => {
    const known = messages.get(message);
    if (known === undefined && messages.size < sharedMessages) messages.set(message, message);
    const said = known ?? message;
    findings.push(path ? { line, rule, severity, message: said, path } : { line, rule, severity, message: said });
  };
  const assertUnchanged = await rememberVersion(options.file, { once: true });
  for await (const { number, text, parsed } of readDataset(options.file, options.signal)) {
    const isJson = parsed.status === 'ok' || (parsed.status === 'invalid' && parsed.rule === 'unknown-shape');
    for (const finding of check.line({ number, parsed, ...(isJson && { value: JSON.parse(text) as unknown }) })) keep(finding);
  }
  await assertUnchanged();
  for (const finding of check.end()) keep(finding);
  return findings;
}
