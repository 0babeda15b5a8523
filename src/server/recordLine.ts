import type { Requests } from '../protocol/lsp';
import type { Datasets } from './datasets';

type Ask = Requests['cupel/recordLine'];

/** `cupel/recordLine`: records count as the hover counts them; null for a number beyond the last. */
export async function recordLine({ uri, record }: Ask['params'], datasets: Datasets): Promise<Ask['result']> {
  const { dataset, work } = datasets.require(uri);
  await work.readAll();
  const records = dataset.recordCount;
  if (record < 1 || record > records) return { line: null, records };
  // The first line up to which there are so many records holds the wanted one.
  let [low, high] = [0, dataset.lineCount - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (dataset.recordNumber(middle) < record) low = middle + 1;
    else high = middle;
  }
  return { line: low, records };
}
