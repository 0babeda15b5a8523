import { commands, window, type Disposable, type Event, type ExtensionContext } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { FileStatus } from '../protocol/lsp';
import { BigFileOffer } from './bigFiles/offer';
import { PageFiles } from './bigFiles/pageFiles';
import { createPageItem } from './bigFiles/pageItem';
import { Pages } from './bigFiles/pages';
import { acceptProposal } from './commands/acceptProposal';
import { checkForTrainer } from './commands/checkForTrainer';
import { checkScorer } from './commands/checkScorer';
import { chooseLossModel } from './commands/chooseLossModel';
import { chooseRewardModel } from './commands/chooseRewardModel';
import { registerCommand } from './commands/command';
import { downloadModel } from './commands/downloadModel';
import { exportDataset } from './commands/exportDataset';
import { goToRecord } from './commands/goToRecord';
import { findNearDuplicates } from './commands/findNearDuplicates';
import { hideTokenSurprise } from './commands/hideTokenSurprise';
import { nextPage } from './commands/nextPage';
import { nextProposal } from './commands/nextProposal';
import { nextRecord } from './commands/nextRecord';
import { openRecord } from './commands/openRecord';
import { openRecordToTheSide } from './commands/openRecordToTheSide';
import { openBigFile } from './commands/openBigFile';
import { openSample } from './commands/openSample';
import { previousPage } from './commands/previousPage';
import { previousProposal } from './commands/previousProposal';
import { previousRecord } from './commands/previousRecord';
import { rankTeachers } from './commands/rankTeachers';
import { refreshScorers } from './commands/refreshScorers';
import { refineResponse } from './commands/refineResponse';
import { regenerateResponse } from './commands/regenerateResponse';
import { regenerateSelection } from './commands/regenerateSelection';
import { rejectProposal } from './commands/rejectProposal';
import { reviewProposals } from './commands/reviewProposals';
import { scoreDataset } from './commands/scoreDataset';
import { scoreSelection } from './commands/scoreSelection';
import { searchBigFile } from './commands/searchBigFile';
import { selectSubset } from './commands/selectSubset';
import { setTeacherApiKey } from './commands/setTeacherApiKey';
import { showLog } from './commands/showLog';
import { showRecordCard } from './commands/showRecordCard';
import { showTokenSurprise } from './commands/showTokenSurprise';
import { useScorer } from './commands/useScorer';
import { askForKey } from './keyPrompt';
import { answer, createLanguageClient, listen, serverOf } from './languageClient';
import { Messages } from './messages';
import { Operations } from './operations';
import { RememberedPick } from './rememberedPick';
import { RecordFiles } from './recordView/recordFiles';
import { RecordSaving } from './recordView/recordSaving';
import { RecordSteps } from './recordView/recordSteps';
import { RecordViews } from './recordView/recordViews';
import { SideView } from './recordView/sideView';
import { ProposalDocuments } from './review/proposalDocuments';
import { ReviewSession } from './review/reviewSession';
import { ModelChooser } from './scorers/modelChooser';
import { ScorerChecks } from './scorers/scorerChecks';
import { ScorerModels } from './scorers/scorerModels';
import { SurpriseView } from './surprise/surpriseView';
import { TeacherKeys } from './teacherKeys';
import { TeacherChooser } from './teachers/chooseTeacher';
import { FileStatuses } from './views/fileStatuses';
import { Reports } from './views/reports';
import { ScorersView } from './views/scorersView';
import { createStatusItem } from './views/statusItem';

/** What other extensions and tests can see of a running Cupel. */
export interface CupelApi {
  /** Resolves when the language server answers; rejects with the reason when it could not be started. */
  readonly ready: Promise<void>;
  /** What the server last said about each dataset. */
  readonly onDidChangeStatus: Event<FileStatus>;
}

let client: LanguageClient | undefined;

/** Builds everything and returns: the server starts on its own time. */
export function activate(context: ExtensionContext): CupelApi {
  const own = <T extends Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const log = own(window.createOutputChannel('Cupel', { log: true }));
  const messages = new Messages(log);
  client = createLanguageClient(context, log);
  const server = serverOf(client);
  const operations = new Operations(server);
  const pick = new RememberedPick(context.workspaceState);
  const keys = new TeacherKeys(context.secrets, askForKey);
  const statuses = own(new FileStatuses());
  const reports = own(new Reports());
  const review = own(new ReviewSession(server, own(new ProposalDocuments()), messages));
  const records = own(new RecordViews({ server, statuses, log, memory: context.workspaceState }));
  own(new RecordFiles(records, own(new RecordSaving(server, records, messages))));
  const side = own(new SideView(records, messages));
  const steps = new RecordSteps(server, records, side);
  const surprise = own(new SurpriseView(server));
  const proposing = { chooser: new TeacherChooser(server, pick), operations, review, messages };
  const checks = own(new ScorerChecks());
  const scorersView = own(new ScorersView(server, checks));
  const models = new ScorerModels({ server, operations, messages, checks });
  const modelChooser = new ModelChooser(server, pick);
  const pages = own(new Pages(operations, own(new PageFiles(server))));
  own(new BigFileOffer({ pages, messages, memory: context.workspaceState }));

  own(listen(client, 'cupel/status', (status) => statuses.update(status)));
  own(
    answer(client, 'cupel/teacherKey', async ({ teacher, baseUrl, refused }) => {
      const key = await keys.keyFor(teacher, baseUrl, refused);
      return key === undefined ? null : { key };
    }),
  );
  createStatusItem(statuses).forEach(own);
  createPageItem(pages).forEach(own);
  for (const command of [
    scoreDataset(operations, messages),
    scoreSelection(operations, messages),
    showRecordCard(server, reports),
    openRecord(records),
    openRecordToTheSide(side),
    nextRecord(steps),
    previousRecord(steps),
    showTokenSurprise(surprise),
    hideTokenSurprise(surprise),
    findNearDuplicates(operations, messages),
    rankTeachers(server, operations, reports, messages),
    regenerateResponse(proposing),
    regenerateSelection(proposing),
    refineResponse(proposing),
    reviewProposals(review),
    acceptProposal(review),
    rejectProposal(review),
    nextProposal(review),
    previousProposal(review),
    selectSubset(operations, pick, messages),
    checkForTrainer({ operations, pick, reports, messages }),
    exportDataset(operations, pick, messages),
    chooseLossModel(modelChooser, models),
    chooseRewardModel(modelChooser, models),
    checkScorer(models, messages),
    refreshScorers(scorersView, checks),
    useScorer(models),
    downloadModel(models, scorersView),
    setTeacherApiKey({ server, keys, pick, messages }),
    openBigFile(pages),
    nextPage(pages),
    previousPage(pages),
    goToRecord(server, pages),
    searchBigFile({ operations, pages, messages }),
    openSample(context.extensionUri, context.globalStorageUri),
    showLog(messages),
  ]) {
    own(registerCommand(command, messages));
  }
  void commands.executeCommand('setContext', 'cupel.active', true);

  const ready = client.start();
  ready.catch((error: unknown) => messages.failure('The language server could not be started', error));
  return Object.freeze({ ready, onDidChangeStatus: statuses.onDidChange });
}

export async function deactivate(): Promise<void> {
  if (client?.isRunning()) await client.stop();
}
