import { ok } from '../../base/result';
import { chatMessages, shownChat } from './conversationTurns';
import type { ExportFormat } from './exportFormat';

const from = { system: 'system', user: 'human', assistant: 'gpt' } as const;

/**
 * `conversations: [{from, value}, …]`. A system text is its first element: LLaMA-Factory takes it from there without any setting
 * (data/converter.py), while a `system` field is silently dropped unless dataset_info.json names it.
 */
export const sharegpt: ExportFormat = {
  id: 'sharegpt',
  title: 'ShareGPT (from, value)',
  write(record) {
    const shown = shownChat(record);
    if (!shown.ok) return shown;
    const { exchange, chat } = shown.value;
    const turns = [...chatMessages(chat), { role: 'assistant' as const, text: exchange.response.text }];
    return ok({ conversations: turns.map(({ role, text }) => ({ from: from[role], value: text })) });
  },
};
