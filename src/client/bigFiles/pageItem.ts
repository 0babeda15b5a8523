import { StatusBarAlignment, window } from 'vscode';
import type { Disposable } from '../../base/disposable';
import { formatCount } from '../../core/scores/format';
import type { Pages } from './pages';

/** Says in the status bar which records the page holds; a click asks for another one. */
export function createPageItem(pages: Pages): Disposable[] {
  const item = window.createStatusBarItem('cupel.page', StatusBarAlignment.Right, 91);
  item.name = 'Cupel Page';
  item.command = 'cupel.goToRecord';
  item.tooltip = 'Go to Record…';
  const update = () => {
    const page = pages.active();
    if (!page) {
      item.hide();
      return;
    }
    item.text = `Records ${formatCount(page.firstLine + 1)}–${formatCount(page.endLine)} of ${formatCount(page.lines)}`;
    item.show();
  };
  update();
  return [item, pages.onDidChange(update), window.tabGroups.onDidChangeTabs(update), window.tabGroups.onDidChangeTabGroups(update)];
}
