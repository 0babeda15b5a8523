import { quoteShort } from '../record/shapes/fields';
import { isList, isObject } from '../record/shapes/shape';
import { checkMessages, hasRole, unknownKeys } from './messageList';
import type { MessageRules } from './messageList';
import type { Finding, Trainer } from './trainer';

const recordKeys: ReadonlySet<string> = new Set(['messages', 'tools', 'parallel_tool_calls', 'functions']);

const chat: MessageRules = {
  roles: new Set(['system', 'user', 'assistant', 'tool', 'developer', 'function']),
  keys: new Set(['role', 'content', 'name', 'weight', 'tool_calls', 'tool_call_id', 'function_call', 'refusal']),
};

/**
 * OpenAI's fine-tuning guide (at least 10 examples; `weight` 0 or 1) and its cookbook's format check (Chat_finetuning_data_prep: unrecognised
 * keys and roles, missing contents, no assistant message).
 */
export const openaiSft: Trainer = {
  id: 'openai-sft',
  title: 'OpenAI fine-tuning (supervised)',
  source: 'platform.openai.com/docs/guides/supervised-fine-tuning; cookbook.openai.com/examples/chat_finetuning_data_prep',
  fewestRecords: 10,
  oneTypePerField: false,
  check(record) {
    const { messages } = record;
    if (messages === undefined) return [{ rule: 'missing-field', severity: 'error', message: 'There is no `messages`: export the record as messages.' }];
    const findings = [...unknownTopLevel(record), ...checkMessages(messages, ['messages'], chat)];
    if (isList(messages) && messages.length > 0 && !hasRole(messages, 'assistant')) {
      findings.push({ rule: 'no-response', severity: 'error', message: 'At least one message must be the assistant\'s.', path: ['messages'] });
    }
    return [...findings, ...checkWeights(messages)];
  },
};

function unknownTopLevel(record: Readonly<Record<string, unknown>>): Finding[] {
  return unknownKeys(record, recordKeys).map((name) => ({ rule: 'unknown-key', severity: 'error', message: `OpenAI refuses the unknown field ${quoteShort(name)}: leave it out, or export as messages.`, path: [name] }));
}

function checkWeights(messages: unknown): Finding[] {
  if (!isList(messages)) return [];
  return messages.flatMap((message, index): Finding[] => {
    const weight = isObject(message) ? message.weight : undefined;
    if (weight === undefined || weight === 0 || weight === 1) return [];
    return [{ rule: 'bad-weight', severity: 'error', message: '`weight` must be 0 or 1.', path: ['messages', index, 'weight'] }];
  });
}
