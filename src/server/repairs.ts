import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';
import { formatCount } from '../core/scores/format';
import { carryOut, type Repaired, type RepairPlan } from '../languageService/codeActions/repairRecords';
import type { OpenDataset } from './openDataset';
import { Pauses } from './pauses';

/** Makes the edit of a repair in slices; refused once the text is another one than the plan was made for. */
export async function makeRepair(dataset: OpenDataset, plan: RepairPlan, token: CancellationToken): Promise<Repaired> {
  const pauses = new Pauses();
  const work = carryOut(dataset, plan);
  for (;;) {
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
    if (dataset.version !== plan.version) throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed meanwhile.');
    const step = work.next();
    if (step.done === true) return step.value;
    await pauses.breathe();
  }
}

/** What a person should know of a repair that left something broken; undefined when it did not. */
export function sayWhatIsLeft({ repaired, broken, left }: Repaired): string | undefined {
  if (!left) return undefined;
  const first = `line ${formatCount(left.line + 1)}: ${left.reason}`;
  if (broken === 1) return `Cupel: ${first}`;
  return `Cupel: ${formatCount(repaired)} of ${formatCount(broken)} broken places were repaired; of the others the first is ${first}`;
}
