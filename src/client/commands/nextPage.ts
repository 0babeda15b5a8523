import type { Pages } from '../bigFiles/pages';
import type { Command } from './command';

export function nextPage(pages: Pages): Command {
  return {
    id: 'cupel.nextPage',
    failure: 'The next page could not be shown',
    async run() {
      const page = pages.active();
      if (!page) throw new Error('open a big file with Cupel: Open in Cupel first');
      if (page.endLine >= page.lines) throw new Error('this is the last page');
      const shown = await pages.show(page.file, page.endLine);
      return shown?.uri.toString();
    },
  };
}
