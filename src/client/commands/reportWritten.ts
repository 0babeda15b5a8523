import path from 'node:path';
import { Uri, window } from 'vscode';
import type { WriteReport } from '../../core/exports/writeReport';
import { formatCount } from '../../core/scores/format';
import type { Messages } from '../messages';

/** Says how much was written, what was left out and why, and offers the file. */
export function reportWritten(report: WriteReport | undefined, messages: Messages): void {
  if (!report) {
    messages.info('Cancelled. Nothing was written.');
    return;
  }
  const dropped = report.dropped.map(({ reason, records }) => `${reason} (${formatCount(records)})`).join(', ');
  const written = `${formatCount(report.written)} of ${formatCount(report.total)} records written to ${path.basename(report.out)}, its manifest beside it.`;
  messages.info(dropped === '' ? written : `${written} Left out: ${dropped}.`, {
    Open: () => window.showTextDocument(Uri.file(report.out)),
    'Open Manifest': () => window.showTextDocument(Uri.file(report.manifest)),
  });
}
