import { isList } from '../record/shapes/shape';
import type { JsonObject } from '../record/shapes/shape';
import { checkMessages, hasRole } from './messageList';
import type { MessageRules } from './messageList';
import type { Finding, Trainer } from './trainer';

/** The default mapping of prompt_strategies/chat_template.py; other roles reach the template as they are and usually break it. */
const chat: MessageRules = { roles: new Set(['system', 'user', 'assistant', 'tool', 'human', 'gpt']) };

/**
 * Axolotl's docs (dataset-formats/conversation) and source, prompt_strategies/chat_template.py, `type: chat_template` with its defaults:
 * `messages: [{role, content}]`; a list of another name or with from and value needs field_messages and message_property_mappings.
 */
export const axolotlChat: Trainer = {
  id: 'axolotl-chat',
  title: 'Axolotl, type: chat_template',
  source: 'axolotl-ai-cloud/axolotl docs/dataset-formats/conversation.qmd, src/axolotl/prompt_strategies/chat_template.py',
  oneTypePerField: true,
  check(record) {
    const { messages } = record;
    if (messages === undefined) return [{ rule: 'missing-field', severity: 'error', message: missingMessages(record) }];
    const findings = checkMessages(messages, ['messages'], chat);
    if (findings.length > 0) return findings;
    const answered = hasRole(messages, 'assistant') || hasRole(messages, 'gpt');
    return [...(answered ? [] : [nothingToTrain]), ...checkSystem(record)];
  },
};

const nothingToTrain: Finding = { rule: 'no-response', severity: 'warning', message: 'No message is the assistant\'s: every token of this record is masked.', path: ['messages'] };

function checkSystem(record: JsonObject): Finding[] {
  if (typeof record.system !== 'string' || !hasRole(record.messages, 'system')) return [];
  return [{ rule: 'two-systems', severity: 'warning', message: 'The record has a `system` field and a system message: Axolotl would put both before the conversation.', path: ['system'] }];
}

function missingMessages(record: JsonObject): string {
  if (isList(record.conversations)) return 'There is no `messages`: set field_messages: conversations and message_property_mappings {role: from, content: value}, or export as messages.';
  return 'There is no `messages`: export the record as messages, or use the dataset type of its own shape.';
}
