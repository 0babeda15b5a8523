import type { DataRecord, Role } from '../core/record/conversation';
import { formatCount } from '../core/scores/format';
import { fencedText } from './hostileText';

export interface TextLimits {
  /** Characters shown of one text. */
  readonly text: number;
  /** Texts shown; the middle of a longer conversation is left out. */
  readonly turns: number;
}

const roleTitles: Readonly<Record<Role, string>> = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' };

/**
 * A record's first exchange as readable Markdown: a title a role, the text in a fence, real newlines. What is left out says so.
 *
 * @param more Markdown that leads to the whole text.
 */
export function conversationText(record: DataRecord, limits: TextLimits, more: string): string {
  const exchange = record.exchanges[0];
  const texts = (exchange?.prompt ?? record.prompt).filter(({ text }) => text !== '').map(({ role, text }) => ({ title: roleTitles[role], text }));
  if (exchange) texts.push({ title: record.exchanges.length > 1 ? `${roleTitles.assistant} (${exchange.name}, 1 of ${record.exchanges.length} candidates)` : roleTitles.assistant, text: exchange.response.text });
  const sections = texts.map(({ title, text }) => `**${title}**\n\n${text === '' ? '*empty*' : cutText(text, limits.text, more)}`);
  if (sections.length <= limits.turns) return sections.join('\n\n');
  const head = Math.ceil((limits.turns - 1) / 2);
  const tail = limits.turns - head;
  const hidden = sections.length - limits.turns;
  return [...sections.slice(0, head), `*… ${hidden} more turns*${more}`, ...sections.slice(-tail)].join('\n\n');
}

function cutText(text: string, limit: number, more: string): string {
  if (text.length <= limit) return fencedText(text);
  const end = /[\uD800-\uDBFF]/u.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${fencedText(text.slice(0, end))}\n\n*… ${formatCount(text.length - end)} more characters*${more}`;
}
