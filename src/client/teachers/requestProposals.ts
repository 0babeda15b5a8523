import type { ProposalMode } from '../../core/proposals/proposal';
import type { Requests } from '../../protocol/lsp';
import { formatAmount } from '../../core/scores/format';
import { roughTokens, reasonsWithCounts } from '../figures';
import type { Messages } from '../messages';
import type { Operations } from '../operations';
import type { ReviewSession } from '../review/reviewSession';
import type { RecordTarget } from '../target';
import type { TeacherChooser } from './chooseTeacher';
import { confirmCost } from './confirmCost';

export interface ProposalPorts {
  readonly chooser: TeacherChooser;
  readonly operations: Operations;
  readonly review: ReviewSession;
  readonly messages: Messages;
}

type ProposeResult = Requests['cupel/propose']['result'];

/**
 * Asks a teacher for new responses, says which records got none and why, and opens the review of the others.
 *
 * @returns what the teacher gave, or undefined when the person left on the way.
 */
export async function requestProposals({ document, lines, teacher }: RecordTarget, mode: ProposalMode, ports: ProposalPorts): Promise<ProposeResult | undefined> {
  const work = { records: lines.length, roughTokens: roughTokens(lines.map((line) => document.lineAt(line).text)) };
  const chosen = teacher ?? (await ports.chooser.choose(document.uri, mode, work));
  if (chosen === undefined || !(await confirmCost(chosen, work))) return undefined;
  const title = `${mode === 'refine' ? 'Refining' : 'Regenerating'} ${formatAmount(lines.length, 'response')} with ${chosen}`;
  const result = await ports.operations.run(title, 'cupel/propose', { uri: document.uri.toString(), lines, teacher: chosen, mode });
  if (!result) {
    ports.messages.info('Cancelled. Responses that had arrived are kept.', { 'Review Proposals': () => ports.review.start(document.uri) });
    return undefined;
  }
  reportFailures(result, lines.length, ports.messages);
  const first = result.proposals.find(({ status }) => status === 'pending');
  if (first) await ports.review.start(document.uri, result.proposals);
  return result;
}

function reportFailures({ proposals, skipped }: ProposeResult, asked: number, messages: Messages): void {
  const reasons = [...proposals.filter(({ status }) => status === 'failed').map(({ reason }) => reason ?? 'no reason given'), ...skipped.map(({ reason }) => reason)];
  if (reasons.length === 0) return;
  const who = asked === 1 ? 'The record' : `${reasons.length} of ${formatAmount(asked, 'record')}`;
  messages.warning(`${who} got no new response: ${reasonsWithCounts(reasons)}`, { 'Show Log': () => messages.showLog() });
}
