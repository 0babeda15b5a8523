import type { WriteReport } from '../../core/exports/writeReport';
import { print, printJson, type Terminal } from '../writers';

/** Says what a selection or an export wrote, what it left out and why. */
export async function reportWritten(terminal: Terminal, report: WriteReport, json: boolean): Promise<void> {
  if (json) return printJson(terminal.out, report);
  const dropped = report.dropped.filter(({ records }) => records > 0).map(({ reason, records }) => `  left out ${records}: ${reason}\n`);
  await print(terminal.out, `${report.written} of ${report.total} records written to ${report.out}\n${dropped.join('')}  manifest: ${report.manifest}\n`);
}
