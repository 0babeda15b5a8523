import { EventEmitter, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, window, workspace, type Event, type TreeDataProvider, type TreeView } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { errorMessage } from '../../base/errorMessage';
import type { ScorerKind, ScorersReport } from '../../protocol/lsp';
import type { LanguageServer } from '../languageServer';
import type { ScorerChecks } from '../scorers/scorerChecks';
import { kindTitles, scorerRow, type ScorerRow } from './scorerRow';

/** A heading, or a model under it. */
export type ScorerNode = { readonly kind: ScorerKind; readonly model?: never } | ScorerRow;

/** The Scorers view: what measures losses and rewards, and what else could. */
export class ScorersView implements TreeDataProvider<ScorerNode>, Disposable {
  readonly #server: LanguageServer;
  readonly #checks: ScorerChecks;
  readonly #changed = new EventEmitter<void>();
  readonly #owned = new DisposableStore();
  readonly #tree: TreeView<ScorerNode>;
  #report: Promise<ScorersReport | undefined> | undefined;

  constructor(server: LanguageServer, checks: ScorerChecks) {
    this.#server = server;
    this.#checks = checks;
    this.#owned.add(this.#changed);
    this.#owned.add(checks.onDidChange(() => this.#changed.fire()));
    this.#owned.add(
      workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration('cupel.scorer') && !change.affectsConfiguration('cupel.teachers')) return;
        if (['cupel.scorer.preset', 'cupel.scorer.precision', 'cupel.teachers'].some((name) => change.affectsConfiguration(name))) checks.clear();
        this.refresh();
      }),
    );
    this.#tree = this.#owned.add(window.createTreeView('cupel.scorers', { treeDataProvider: this }));
  }

  get onDidChangeTreeData(): Event<void> {
    return this.#changed.event;
  }

  /** Lists anew what there is; at once when the view is open, else when it is opened. */
  refresh(): void {
    this.#report = undefined;
    this.#changed.fire();
  }

  async getChildren(node?: ScorerNode): Promise<ScorerNode[]> {
    const report = await (this.#report ??= this.#list());
    if (!report) return [];
    if (!node) return [{ kind: 'loss' }, { kind: 'reward' }];
    if (node.model !== undefined) return [];
    return report[node.kind].map((entry) => scorerRow(node.kind, entry, this.#checks.of(node.kind, entry.model)));
  }

  getTreeItem(node: ScorerNode): TreeItem {
    return node.model === undefined ? headingItem(node.kind) : rowItem(node);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #list(): Promise<ScorersReport | undefined> {
    try {
      await this.#server.settingsChanged();
      const report = await this.#server.request('cupel/scorers', {});
      delete this.#tree.message;
      return report;
    } catch (error) {
      this.#tree.message = `The scorers could not be listed: ${errorMessage(error)}`;
      return undefined;
    }
  }
}

function headingItem(kind: ScorerKind): TreeItem {
  const { title, scores } = kindTitles[kind];
  const item = new TreeItem(title, TreeItemCollapsibleState.Expanded);
  item.id = kind;
  item.description = scores;
  item.contextValue = kind;
  return item;
}

function rowItem(row: ScorerRow): TreeItem {
  const item = new TreeItem(row.label, TreeItemCollapsibleState.None);
  item.id = `${row.kind} ${row.model}`;
  item.description = row.description;
  item.iconPath = iconOf(row);
  item.tooltip = tooltipOf(row);
  item.contextValue = ['scorer', ...row.actions].join(' ');
  item.accessibilityInformation = { label: [row.label, row.active ? 'in use' : 'not in use', ...row.tooltip.slice(1)].join(', ') };
  return item;
}

function iconOf({ active, state }: ScorerRow): ThemeIcon {
  if (state === 'missing') return new ThemeIcon('cloud-download', active ? new ThemeColor('list.warningForeground') : undefined);
  if (state === 'unreachable') return new ThemeIcon('debug-disconnect', new ThemeColor('list.warningForeground'));
  if (state === 'broken') return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  if (active) return new ThemeIcon('check', new ThemeColor('charts.green'));
  return state === 'ready' ? new ThemeIcon('circle-filled', new ThemeColor('charts.green')) : new ThemeIcon('circle-outline');
}

/** Nothing in it counts as Markdown but the emphasis of the first line. */
function tooltipOf({ tooltip: [title = '', ...lines] }: ScorerRow): MarkdownString {
  const text = appendWords(new MarkdownString('**'), title).appendMarkdown('**');
  for (const line of lines) appendWords(text.appendMarkdown('\n\n'), line);
  return text;
}

/** Word by word, because `appendText` writes spaces that lines cannot break at. */
function appendWords(text: MarkdownString, line: string): MarkdownString {
  for (const [index, word] of line.trim().split(/\s+/).entries()) text.appendMarkdown(index === 0 ? '' : ' ').appendText(word);
  return text;
}
