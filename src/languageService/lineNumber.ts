import { formatCount } from '../core/scores/format';
import type { DatasetView } from './datasetView';

/** A line's number for people, 1-based: in the whole file, also where the document is only a page of it. */
export function lineNumber(view: DatasetView, line: number): string {
  return formatCount((view.page?.firstLine ?? 0) + line + 1);
}
