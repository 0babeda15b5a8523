import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { WriteReport } from '../core/exports/writeReport';
import { formatCount } from '../core/scores/format';
import type { Engine } from '../engine/engine';
import { exportDataset } from '../engine/operations/exportDataset';
import { selectSubset } from '../engine/operations/selectSubset';
import type { Requests } from '../protocol/lsp';
import type { Settings } from '../protocol/settings';
import { savedPath } from './filePath';
import { RequestProgress, signalOf } from './longRequest';
import { paidConfirmation } from './paidConfirmation';

export interface WritingDeps {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly settings: Settings;
}

/** `cupel/select`: the chosen lines of the saved file, byte for byte. */
export async function select({ uri, rule, out, workDoneToken }: Requests['cupel/select']['params'], token: CancellationToken, { connection, engine, settings }: WritingDeps): Promise<WriteReport> {
  const { signal, dispose } = signalOf(token);
  const progress = new RequestProgress(connection, workDoneToken, 'Selecting');
  try {
    const confirmPaid = paidConfirmation({ connection, signal });
    return await selectSubset(engine, { file: savedPath(uri), rule, out, ...settings.car, signal, confirmPaid, onProgress: (done) => progress.report(0, `${formatCount(done)} records scored`) });
  } finally {
    dispose();
    progress.done();
  }
}

/** `cupel/export`: the records of the saved file in a trainer's format. */
export async function exportFile({ uri, format, out, workDoneToken }: Requests['cupel/export']['params'], token: CancellationToken, { connection }: WritingDeps): Promise<WriteReport> {
  const { signal, dispose } = signalOf(token);
  const progress = new RequestProgress(connection, workDoneToken, 'Exporting');
  try {
    return await exportDataset({ file: savedPath(uri), format, out, signal, onProgress: (done) => progress.report(0, `${formatCount(done)} records`) });
  } finally {
    dispose();
    progress.done();
  }
}
