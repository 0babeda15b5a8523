import { CancellationToken, DidChangeConfigurationNotification, LSPErrorCodes, MessageType, ResponseError, ShowMessageNotification, type ClientCapabilities, type Connection } from 'vscode-languageserver';
import { homedir } from 'node:os';
import { DisposableStore } from '../base/disposable';
import { errorMessage } from '../base/errorMessage';
import type { Logger } from '../base/logger';
import { createEngine } from '../engine/createEngine';
import type { Engine, EngineConfig, EnginePorts } from '../engine/engine';
import { scorerKeyFromEnvironment } from '../engine/userEnvironment';
import { commandId, serverCommandId } from '../protocol/commands';
import type { InitializationOptions } from '../protocol/initialization';
import type { Requests } from '../protocol/lsp';
import { defaultSettings, type Settings } from '../protocol/settings';
import { BigFiles } from './bigFiles';
import { check } from './checking';
import { connectionLogger } from './connectionLogger';
import { Datasets } from './datasets';
import { EditorView } from './editorView';
import { Features } from './features';
import { responseError } from './longRequest';
import { recordLine } from './recordLine';
import { Navigation } from './navigation';
import type { Presentation } from './openDataset';
import { Problems } from './problems';
import { ProposalRequests } from './proposals';
import { rankTeachers } from './ranking';
import { RecordViewRequests } from './recordView';
import { ScorerRequests } from './scorers';
import { scoreLines } from './scoring';
import { ServerCommands } from './serverCommands';
import { readSettings } from './settings';
import { StatusPublisher } from './status';
import { TeacherKeys } from './teacherKeys';
import { tokenSurprise } from './tokenSurprise';
import { teacherChoices } from './teacherChoices';
import { WorkspaceProblems } from './workspaceProblems';
import { exportFile, select } from './writing';

/** Where the installation and the user's data lie unless the editor says otherwise. */
export interface ServerPlaces {
  readonly storageDir: string;
  readonly modelsDir: string;
  readonly workerPath: string;
}

export interface SessionOptions {
  readonly connection: Connection;
  readonly editor: ClientCapabilities;
  readonly options: InitializationOptions;
  readonly places: ServerPlaces;
  readonly workspaceFolder: string | undefined;
  /** All of them that lie on disk. */
  readonly workspaceFolders: readonly string[];
}

/** One editor's session: builds every service, joins them, and hands each request to its own. */
export class Session {
  readonly #options: SessionOptions;
  readonly #logger: Logger;
  readonly #engine: Engine;
  readonly #datasets: Datasets;
  readonly #bigFiles: BigFiles;
  readonly #problems: Problems;
  readonly #workspaceProblems: WorkspaceProblems;
  readonly #view: EditorView;
  readonly #scorers: ScorerRequests;
  readonly #status: StatusPublisher;
  readonly #serverCommands: ServerCommands;
  readonly #owned = new DisposableStore();
  #settings: Settings = defaultSettings;
  /** Resolves when the settings asked for last have arrived: what a person starts must not run under the ones before. */
  #settled: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions) {
    const { connection, editor } = options;
    this.#options = options;
    this.#logger = connectionLogger(connection);
    const keys = new TeacherKeys(connection, () => options.options.teacherKeys === true);
    const { storageDir = options.places.storageDir, modelsDir = options.places.modelsDir, workerPath = options.places.workerPath } = options.options;
    const workingDir = options.workspaceFolder ?? homedir();
    const ports: EnginePorts = { storageDir, modelsDir, workerPath, workingDir, logger: this.#logger, now: () => new Date(), apiKey: keys.keyFor, serverKey: scorerKeyFromEnvironment };
    this.#engine = createEngine(ports, engineConfig(defaultSettings));
    this.#scorers = new ScorerRequests({ connection, engine: this.#engine });
    this.#datasets = this.#owned.add(
      new Datasets({
        engine: this.#engine,
        logger: this.#logger,
        presentation: () => this.#presentation(),
        onScores: (uri) => {
          this.#view.scoresChanged();
          if (this.#problems.outdatedByScores(uri)) this.#view.problemsChanged(uri);
          this.#status.changed(uri);
        },
        onRead: (uri) => {
          this.#view.problemsChanged(uri);
          this.#status.changed(uri);
        },
      }),
    );
    this.#problems = new Problems(this.#datasets);
    this.#bigFiles = new BigFiles({ connection, datasets: this.#datasets });
    const [datasets, engine, logger] = [this.#datasets, this.#engine, this.#logger];
    this.#workspaceProblems = new WorkspaceProblems({ datasets, problems: this.#problems, presentation: () => this.#presentation(), folders: () => options.workspaceFolders, logger });
    this.#status = this.#owned.add(new StatusPublisher({ connection, engine, datasets, logger }));
    const features = new Features({
      engine,
      datasets,
      logger,
      disabledActions: () => editor.textDocument?.codeAction?.disabledSupport === true,
      laterEdits: editor.textDocument?.codeAction?.dataSupport === true && editor.textDocument.codeAction.resolveSupport?.properties.includes('edit') === true,
      tell: (message) => connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message }),
      documentChanges: editor.workspace?.workspaceEdit?.documentChanges === true,
      serverCommands: options.options.commands === true ? undefined : serverCommandId,
    });
    this.#view = this.#owned.add(new EditorView({ connection, editor, problems: this.#problems, logger }));
    this.#serverCommands = new ServerCommands({
      connection,
      logger,
      score: async (about, progress) => {
        await this.#settled;
        const token = progress?.token ?? CancellationToken.None;
        return scoreLines(about, token, { connection, engine, datasets, onRunning: (uri) => this.#runningChanged(uri), progress });
      },
    });
    this.#handleDocuments();
    this.#handleFeatures(features);
    this.#handleRequests(features, keys);
  }

  start(): void {
    const { connection, editor } = this.#options;
    if (editor.workspace?.didChangeConfiguration?.dynamicRegistration) {
      connection.client.register(DidChangeConfigurationNotification.type, { section: 'cupel' }).catch((error: unknown) => this.#logger.warn('Changes of settings will not be seen', { reason: errorMessage(error) }));
    }
    this.#settled = this.#pullSettings();
  }

  async dispose(): Promise<void> {
    this.#owned.dispose();
    await this.#engine.dispose();
  }

  #presentation(): Presentation {
    const { commands = false, hoverImages = commands } = this.#options.options;
    return { settings: this.#settings, images: hoverImages, commands: commands ? commandId : undefined };
  }

  /** From the editor's configuration where it can be asked; else what it has sent: `pushed`, or with `initialize`. */
  async #pullSettings(pushed?: unknown): Promise<void> {
    const { connection, editor, options, workspaceFolder } = this.#options;
    try {
      const asked: unknown = editor.workspace?.configuration ? await connection.workspace.getConfiguration('cupel') : undefined;
      const { settings, complaints } = readSettings(asked ?? pushed ?? options.cupel, workspaceFolder);
      this.#settings = settings;
      this.#engine.configure(engineConfig(settings));
      this.#datasets.present();
      this.#problems.allChanged();
      for (const { dataset } of this.#datasets.all()) this.#view.problemsChanged(dataset.uri);
      this.#view.scoresChanged();
      if (complaints.length > 0) await connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message: `Cupel: ${complaints.join(' ')}` });
    } catch (error) {
      this.#logger.error('The settings could not be read; those known so far stay', { reason: errorMessage(error) });
    }
  }

  #handleDocuments(): void {
    const { connection } = this.#options;
    connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) => {
      const section = typeof settings === 'object' && settings !== null && 'cupel' in settings ? settings.cupel : undefined;
      this.#settled = this.#pullSettings(section);
    });
    connection.onDidOpenTextDocument((params) => {
      this.#datasets.open(params);
      this.#bigFiles.opened(params.textDocument.uri);
      this.#status.opened(params.textDocument.uri);
    });
    connection.onDidChangeTextDocument((params) => this.#datasets.change(params));
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      this.#datasets.close(uri);
      this.#bigFiles.closed(uri);
      this.#status.closed(uri);
      this.#view.closed(uri);
      this.#problems.closed(uri);
      this.#workspaceProblems.closed(uri);
    });
  }

  #handleFeatures(features: Features): void {
    const { connection } = this.#options;
    connection.languages.inlayHint.on((params, token) => features.inlayHints(params, token));
    connection.languages.diagnostics.on(({ textDocument: { uri }, previousResultId }, token) => this.#problems.report(uri, previousResultId, token));
    connection.languages.diagnostics.onWorkspace((params, token, _progress, results) => this.#workspaceProblems.report(params, token, results));
    connection.onHover(({ textDocument: { uri }, position }) => features.hover(uri, position.line));
    connection.onDocumentSymbol(({ textDocument: { uri } }, token) => features.documentSymbols(uri, token));
    this.#handleNavigation(this.#owned.add(new Navigation({ connection, datasets: this.#datasets, definitionLinks: this.#options.editor.textDocument?.definition?.linkSupport === true })));
    connection.onCodeAction((params, token) => features.codeActions(params, token));
    connection.onCodeActionResolve((action, token) => features.resolveCodeAction(action, token));
    if (this.#options.options.commands !== true) connection.onExecuteCommand((params) => this.#serverCommands.execute(params));
  }

  #handleNavigation(navigation: Navigation): void {
    const { connection } = this.#options;
    connection.onDefinition((params, token) => navigation.definition(params, token));
    connection.onReferences((params, token) => navigation.references(params, token));
    connection.onSelectionRanges((params) => navigation.selectionRanges(params));
    connection.onWorkspaceSymbol(({ query }, token) => navigation.workspaceSymbols(query, token));
    connection.onFoldingRanges(() => navigation.foldingRanges());
    this.#answer('cupel/cluster', (params, token) => navigation.cluster(params, token));
  }

  #handleRequests(features: Features, keys: TeacherKeys): void {
    const { connection } = this.#options;
    const [engine, datasets] = [this.#engine, this.#datasets];
    const settings = () => this.#settings;
    const onProposals = (file: string) => this.#status.proposalsChanged(file);
    const proposals = new ProposalRequests({ connection, engine, datasets, settings, onProposals });
    this.#answer('cupel/score', (params, token) => scoreLines(params, token, { connection, engine, datasets, onRunning: (uri) => this.#runningChanged(uri) }));
    this.#answer('cupel/recordCard', ({ uri, line }) => features.recordCard(uri, line));
    const recordView = new RecordViewRequests(datasets);
    this.#answer('cupel/recordDocument', (params) => recordView.document(params));
    this.#answer('cupel/recordEdit', (params) => recordView.edit(params));
    this.#answer('cupel/neighbourRecord', (params, token) => recordView.neighbour(params, token));
    this.#answer('cupel/teachers', () => Promise.resolve(teacherChoices(this.#settings.teachers, this.#options.workspaceFolder)));
    this.#answer('cupel/propose', (params, token) => proposals.propose(params, token));
    this.#answer('cupel/proposals', (params) => proposals.list(params));
    this.#answer('cupel/proposalView', (params, token) => proposals.view(params, token));
    this.#answer('cupel/acceptProposal', (params, token) => proposals.accept(params, token));
    this.#answer('cupel/resolveProposal', (params) => proposals.resolve(params));
    this.#answer('cupel/rankTeachers', (params, token) => rankTeachers(params, token, { connection, engine, settings: settings() }));
    this.#answer('cupel/select', (params, token) => select(params, token, { connection, engine, settings: settings() }));
    this.#answer('cupel/export', (params, token) => exportFile(params, token, { connection, engine, settings: settings() }));
    this.#answer('cupel/check', (params, token) => check(params, token, { connection, datasets, onFindings: (uri) => this.#view.problemsChanged(uri) }));
    this.#answer('cupel/scorers', (_params, token) => this.#scorers.list(token));
    this.#answer('cupel/checkScorer', (params, token) => this.#scorers.check(params, token));
    this.#answer('cupel/planModelDownload', (params, token) => this.#scorers.plan(params, token));
    this.#answer('cupel/downloadModel', (params, token) => this.#scorers.download(params, token));
    this.#answer('cupel/tokenSurprise', (params, token) => tokenSurprise(params, token, { connection, engine, datasets }));
    this.#answer('cupel/bigFile/open', (params, token) => this.#bigFiles.open(params, token));
    this.#answer('cupel/bigFile/page', (params, token) => this.#bigFiles.page(params, token));
    this.#answer('cupel/bigFile/search', (params, token) => this.#bigFiles.search(params, token));
    this.#answer('cupel/recordLine', (params) => recordLine(params, datasets));
    this.#answer('cupel/setTeacherKey', ({ teacher }) => {
      keys.forget(teacher);
      return Promise.resolve(null);
    });
  }

  #runningChanged(uri: string): void {
    this.#view.scoresChanged();
    this.#status.changed(uri);
  }

  #answer<M extends keyof Requests>(method: M, handler: (params: Requests[M]['params'], token: CancellationToken) => Promise<Requests[M]['result']>): void {
    this.#options.connection.onRequest(method, async (params: Requests[M]['params'], token: CancellationToken) => {
      try {
        const wasOpen = this.#isOpen(params);
        await this.#settled;
        if (wasOpen && !this.#isOpen(params)) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The file was closed.');
        return await handler(params, token);
      } catch (error) {
        return responseError(error, token);
      }
    });
  }

  /** What an editor sends has any form. */
  #isOpen(params: unknown): boolean {
    return typeof params === 'object' && params !== null && 'uri' in params && typeof params.uri === 'string' && this.#datasets.get(params.uri) !== undefined;
  }
}

function engineConfig({ teachers, tokenizer, scorer }: Settings): EngineConfig {
  return { teachers, tokenizer, lossModel: scorer.loss, rewardModel: scorer.reward, ifdPreset: scorer.preset, precision: scorer.precision };
}
