import { Uri } from 'vscode';
import * as z from 'zod';

export const recordScheme = 'cupel-record';

/** Which record a view was opened on; 0-based line. */
export interface RecordPlace {
  /** URI of the dataset. */
  readonly dataset: string;
  readonly line: number;
  readonly key: string;
}

const place = z.object({ dataset: z.string().min(1), line: z.int().min(0), key: z.string().min(1) });

/** `cupel-record:/sample.jsonl/record 12.md`: its last part is what a tab shows, and its ending makes it Markdown. `number` is the line for people. */
export function recordUri({ dataset, line, key }: RecordPlace, number: number): Uri {
  const name = Uri.parse(dataset, true).path.split('/').at(-1) ?? '';
  return Uri.from({ scheme: recordScheme, path: `/${name}/record ${number}.md`, query: JSON.stringify({ dataset, line, key }) });
}

/** Undefined for what is not the URI of a record. */
export function readRecordUri(uri: Uri): RecordPlace | undefined {
  if (uri.scheme !== recordScheme) return undefined;
  try {
    return place.safeParse(JSON.parse(uri.query)).data;
  } catch {
    // Not JSON: somebody made the URI up.
    return undefined;
  }
}
