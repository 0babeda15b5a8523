import { fail, ok } from '../../base/result';
import type { Result } from '../../base/result';
import type { DataRecord } from '../record/conversation';
import { chatMessages, chatPrompt, exportReasons, shownExchange } from './conversationTurns';
import type { ChatPrompt } from './conversationTurns';
import type { ExportFormat } from './exportFormat';
import { toMessages } from './messages';

/** `prompt`, `chosen`, `rejected`, all plain strings (TRL). Only preference records with a single question. */
export const dpo: ExportFormat = {
  id: 'dpo',
  title: 'DPO pairs, plain text (prompt, chosen, rejected)',
  write(record) {
    const pair = preferencePair(record);
    if (!pair.ok) return pair;
    const { chat, chosen, rejected } = pair.value;
    if (chat.system !== undefined || chat.history.length > 0) return fail('has a system text or earlier turns, which plain text would lose: use dpoMessages');
    return ok({ prompt: chat.question, chosen, rejected });
  },
};

/** `prompt`, `chosen`, `rejected`, all message lists (TRL): nothing is lost, and the trainer applies its chat template. */
export const dpoMessages: ExportFormat = {
  id: 'dpoMessages',
  title: 'DPO pairs, message lists (prompt, chosen, rejected)',
  write(record) {
    const pair = preferencePair(record);
    if (!pair.ok) return pair;
    const { chat, chosen, rejected } = pair.value;
    const answer = (text: string): { role: string; content: string }[] => toMessages([{ role: 'assistant', text }]);
    return ok({ prompt: toMessages(chatMessages(chat)), chosen: answer(chosen), rejected: answer(rejected) });
  },
};

interface PreferencePair {
  readonly chat: ChatPrompt;
  readonly chosen: string;
  readonly rejected: string;
}

function preferencePair(record: DataRecord): Result<PreferencePair> {
  const chosen = record.exchanges.find(({ name }) => name === 'chosen');
  const rejected = record.exchanges.find(({ name }) => name === 'rejected');
  if (chosen === undefined || rejected === undefined) return fail('is no preference record: it has no chosen and rejected response');
  const shown = shownExchange(record);
  if (!shown.ok) return shown;
  if (rejected.response.text.trim() === '') return fail(exportReasons.emptyResponse);
  if (chosen.response.text === rejected.response.text) return fail('its chosen and rejected responses are the same');
  const chat = chatPrompt(record, chosen);
  return chat.ok ? ok({ chat: chat.value, chosen: chosen.response.text, rejected: rejected.response.text }) : chat;
}
