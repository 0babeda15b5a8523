import { window } from 'vscode';
import { formatAmount } from '../../core/scores/format';
import { about } from '../figures';
import type { Workload } from './chooseTeacher';
import { endpointAddress } from './endpoint';
import { endpointEntries } from './teacherSettings';

/**
 * Nothing that may be charged starts without an estimate and a yes. One record, a file, and an endpoint on this
 * machine need no question.
 */
export async function confirmCost(teacher: string, work: Workload): Promise<boolean> {
  const endpoint = endpointEntries().find(({ id }) => id === teacher);
  const address = endpoint && endpointAddress(endpoint.baseUrl);
  if (!address || address.local || work.records === 1) return true;
  const ask = `Ask ${teacher}`;
  const detail = `${formatAmount(work.records, 'request')} to ${address.host}, about ${about(work.roughTokens)} tokens of prompts and responses (estimated from their length today). The service may charge for them.`;
  return (await window.showWarningMessage(`Ask ${teacher} for ${formatAmount(work.records, 'response')}?`, { modal: true, detail }, ask)) === ask;
}
