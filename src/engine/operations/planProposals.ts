import { promptTokensEstimate } from '../../core/teachers/estimate';
import type { ProposalRequest } from '../engine';
import { readDataset } from '../files/dataset';
import { rememberVersion } from './unchanged';

export interface PlanOptions {
  readonly file: string;
  /** 1-based lines; all records when absent. */
  readonly lines?: ReadonlySet<number>;
  readonly signal?: AbortSignal;
}

/** The requests that a run would make, so that it can be counted and confirmed before anything is asked. */
export interface PlannedRun {
  readonly requests: readonly ProposalRequest[];
  /** Lines that were asked for and cannot be answered, with the reason. */
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
  /** About how many tokens the prompts hold (four characters a token). */
  readonly promptTokens: number;
}

/** Collects the exchange of every record on the given lines. */
export async function planProposals(options: PlanOptions): Promise<PlannedRun> {
  const requests: ProposalRequest[] = [];
  const skipped: { line: number; reason: string }[] = [];
  let promptTokens = 0;
  const assertUnchanged = await rememberVersion(options.file, { once: true });
  for await (const { number, parsed } of readDataset(options.file, options.signal)) {
    if (options.lines && !options.lines.has(number)) continue;
    if (parsed.status === 'empty') continue;
    if (parsed.status === 'invalid') {
      skipped.push({ line: number, reason: parsed.message });
      continue;
    }
    const { record } = parsed;
    const exchange = record.exchanges[0];
    if (!exchange) {
      skipped.push({ line: number, reason: 'the record has no response to replace' });
      continue;
    }
    promptTokens += promptTokensEstimate(exchange.prompt);
    requests.push({ file: options.file, line: number, recordKey: record.key, promptKey: record.promptKey, exchange });
  }
  await assertUnchanged();
  return { requests, skipped, promptTokens };
}
