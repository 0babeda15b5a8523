import { StatusBarAlignment, window, type Command } from 'vscode';
import type { Disposable } from '../../base/disposable';
import { datasetLanguage } from '../languageClient';
import type { FileStatuses } from './fileStatuses';
import { statusText, type StatusText } from './statusText';

const commandOf: Readonly<Record<StatusText['action'], Command>> = {
  score: { command: 'cupel.scoreDataset', title: 'Score Dataset' },
  review: { command: 'cupel.reviewProposals', title: 'Review Proposals' },
  menu: { command: 'workbench.action.quickOpen', title: 'Show Cupel Commands', arguments: ['>Cupel: '] },
};

/** One quiet item in the status bar while a dataset is the active editor. */
export function createStatusItem(statuses: FileStatuses): Disposable[] {
  const item = window.createStatusBarItem('cupel.status', StatusBarAlignment.Right, 90);
  item.name = 'Cupel';
  const update = () => {
    const document = window.activeTextEditor?.document;
    const status = document?.languageId === datasetLanguage ? statuses.of(document.uri) : undefined;
    const shown = status && statusText(status);
    if (!shown) {
      item.hide();
      return;
    }
    item.text = shown.text;
    item.tooltip = [...shown.tooltip, commandOf[shown.action].title].join('\n');
    item.command = commandOf[shown.action];
    item.show();
  };
  update();
  return [item, statuses.onDidChange(update), window.onDidChangeActiveTextEditor(update)];
}
