import type { Pages } from '../bigFiles/pages';
import type { Command } from './command';

export function previousPage(pages: Pages): Command {
  return {
    id: 'cupel.previousPage',
    failure: 'The previous page could not be shown',
    async run() {
      const page = pages.active();
      if (!page) throw new Error('open a big file with Cupel: Open in Cupel first');
      if (page.firstLine === 0) throw new Error('this is the first page');
      const before = await pages.describe(page.file, page.firstLine - 1);
      const shown = before && (await pages.show(page.file, before.firstLine));
      return shown?.uri.toString();
    },
  };
}
