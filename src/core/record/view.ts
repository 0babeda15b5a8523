import type { DataRecord, Role, Turn } from './conversation';

const headings: Readonly<Record<Role, string>> = { system: '## System', user: '## User', assistant: '## Assistant', tool: '## Tool' };

/**
 * One exchange of a record as a readable plain-text document, for a diff editor: a heading a turn, the texts as they
 * are, the response last. Other candidates are left out, so two views of one exchange differ in the response alone.
 *
 * An exchange that the record does not hold is shown as the record's prompt with `replacement`, when there is one, as its answer.
 */
export function renderRecordView(record: DataRecord, exchangeName: string, replacement?: string): string {
  const exchange = record.exchanges.find((candidate) => candidate.name === exchangeName);
  const sections = promptSections(exchange?.prompt ?? record.prompt);
  const response = replacement ?? exchange?.response.text;
  if (response !== undefined) sections.push(`${headings.assistant}\n\n${response}`);
  return `${sections.join('\n\n')}\n`;
}

/** Neighbours of one role (an instruction and its input) share a heading. */
function promptSections(prompt: readonly Turn[]): string[] {
  const sections: string[] = [];
  let lastRole: Role | undefined;
  for (const { role, text } of prompt) {
    if (text === '') continue;
    const last = sections.at(-1);
    if (last !== undefined && role === lastRole) sections[sections.length - 1] = `${last}\n\n${text}`;
    else sections.push(`${headings[role]}\n\n${text}`);
    lastRole = role;
  }
  return sections;
}
