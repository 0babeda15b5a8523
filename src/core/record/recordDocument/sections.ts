import { hash128 } from '../../../base/hash';
import type { DataRecord, Exchange, JsonPath, Role, Turn } from '../conversation';

/** One text of a record under its heading. */
export interface RecordSection {
  /** `## User`, `## Input`, `## Assistant (rejected)`: one of few known lines, never text of the dataset. */
  readonly heading: string;
  readonly path: JsonPath;
  readonly text: string;
}

const titles: Readonly<Record<Role, string>> = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' };

/** A line that begins a section, or would: white space after it does not count. */
const headingLine = /^## (?:System|User|Input|Assistant|Tool)(?: \((?:response|chosen|rejected|responses\[\d+\]|instances\[\d+\])\))?(?=[ \t]*$)/u;

/** The heading that a line is; undefined for every other line. */
export function headingOf(line: string): string | undefined {
  return headingLine.exec(line)?.[0];
}

/**
 * Every text that a record's shape reads, each once: the prompt, then the responses in the order of the file, each after those
 * turns that it alone answers. What several responses share has a plain heading, what belongs to one names it.
 */
export function recordSections({ prompt, exchanges }: DataRecord): RecordSection[] {
  const sections = new Map<string, RecordSection>();
  const put = (heading: string, { path, text }: { readonly path: JsonPath; readonly text: string }) => {
    const place = JSON.stringify(path);
    if (!sections.has(place)) sections.set(place, { heading, path, text });
  };
  const sharing = sharedBy(exchanges);
  if (exchanges.length === 0) for (const turn of prompt) put(titleOf(turn), turn);
  for (const exchange of exchanges) {
    const owner = exchanges.length === 1 ? '' : ` (${exchange.name})`;
    for (const turn of exchange.prompt) put(titleOf(turn) + ((sharing.get(JSON.stringify(turn.path)) ?? 0) < exchanges.length ? owner : ''), turn);
    put(`## ${titles.assistant}${owner}`, exchange.response);
  }
  return [...sections.values()];
}

/** 16 hex digits that change with every text of the record and with every place of one, and with nothing else. */
export function recordVersion(sections: readonly RecordSection[]): string {
  return hash128(JSON.stringify(sections.map(({ path, text }) => [path, text]))).slice(0, 16);
}

function titleOf({ role, part }: Turn): string {
  return `## ${part === 'input' ? 'Input' : titles[role]}`;
}

/** How many exchanges each turn stands before. */
function sharedBy(exchanges: readonly Exchange[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { prompt } of exchanges) {
    for (const place of new Set(prompt.map(({ path }) => JSON.stringify(path)))) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}
