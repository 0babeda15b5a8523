import { headingOf, recordVersion, type RecordSection } from './sections';
import { writeLine, writeVisible } from './visibleText';

/** Begins and ends the front matter. */
export const frontMatterMark = '---';
/** The marks of a line that begins a text in a fence; the same marks end it. */
export function fenceOf(line: string): string | undefined {
  return /^(`{4,})text$/u.exec(line.trimEnd())?.[1];
}

/**
 * A record as a Markdown document to read and edit: a front matter of comments, then each text under its heading. Its lines end
 * with `\n` alone, and it holds nothing that UTF-8 or an editor cannot keep. `readRecordDocument` reads it.
 *
 * @param about what to say in the front matter, a line each; line breaks in it are not kept.
 */
export function writeRecordDocument(sections: readonly RecordSection[], about: readonly string[]): string {
  const bodies = sections.map(({ text }) => writeText(text));
  const comments = [
    ...about.map(writeLine),
    ...(bodies.some((body, index) => body !== sections[index]?.text && body.includes('⟨U+')) ? ['⟨U+000D⟩ and the like stand for characters that would be lost or hidden here, ⟨U+000A⟩ for a line break at an end of a text.'] : []),
    ...(bodies.some((body) => fenceOf(firstLine(body)) !== undefined) ? ['A text that holds lines like the headings stands between two fences (````): leave these two lines.'] : []),
    `version ${recordVersion(sections)}`,
  ];
  const frontMatter = [frontMatterMark, ...comments.map((line) => `# ${line}`), frontMatterMark].join('\n');
  return `${[frontMatter, ...sections.map(({ heading }, index) => section(heading, bodies[index] ?? ''))].join('\n\n')}\n`;
}

function section(heading: string, body: string): string {
  return body === '' ? heading : `${heading}\n\n${body}`;
}

/** The text as it is, or in a fence that nothing in it closes when one of its lines would be taken for the document's own. */
function writeText(text: string): string {
  const shown = writeVisible(text);
  if (fenceOf(firstLine(shown)) === undefined && !shown.split('\n').some((line) => headingOf(line) !== undefined)) return shown;
  const fence = '`'.repeat(longestRun(shown) + 1);
  return `${fence}text\n${shown}\n${fence}`;
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text : text.slice(0, end);
}

/** Of backquotes, and three at least. */
function longestRun(text: string): number {
  let longest = 3;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
