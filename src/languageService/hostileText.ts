/**
 * Dataset text, model names and server replies shown inside trusted Markdown. Nothing here may end a fence, start a link,
 * an image or a tag, or reorder what the reader sees.
 */

/** A fenced block that no content can close, with invisible and reordering characters made visible. */
export function fencedText(text: string): string {
  const shown = visibleText(text);
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}plaintext\n${shown}\n${fence}`;
}

/** A short text as plain words on one line of Markdown, table cells included. */
export function escapeMarkdown(text: string): string {
  return visibleText(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~:.@$^=-]/g, '\\$&');
}

/** A short text in quotation marks, as JSON writes it, in a code span that no content can close. */
export function quotedCode(text: string): string {
  const shown = visibleText(JSON.stringify(text));
  const mark = '`'.repeat(longestRun(shown) + 1);
  return `${mark}${shown}${mark}`;
}

/** A text as one line of a plain document. */
export function plainLine(text: string): string {
  return visibleText(text).replaceAll(/[\t\n]+/g, ' ');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}

/** Line breaks as `\n`; every other control, bidirectional, invisible or unpaired character spelled as `⟨U+202E⟩`. */
function visibleText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(deceptive, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** Tab and newline stay; so do the joiners that emoji and several scripts need. */
const deceptive = /(?![\t\n])[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
