import { fail, ok } from '../../base/result';
import { chatMessages, shownChat } from './conversationTurns';
import type { ExportFormat } from './exportFormat';
import { toMessages } from './messages';

/**
 * `prompt` and `completion`, both plain strings (TRL, Together). Only single questions: TRL refuses a file that mixes strings and
 * message lists, and a string has no place for roles.
 */
export const promptCompletion: ExportFormat = {
  id: 'promptCompletion',
  title: 'Prompt and completion, plain text',
  write(record) {
    const shown = shownChat(record);
    if (!shown.ok) return shown;
    const { exchange, chat } = shown.value;
    const { system, history, question } = chat;
    if (system !== undefined || history.length > 0) return fail('has a system text or earlier turns, which plain text would lose: use promptCompletionMessages');
    return ok({ prompt: question, completion: exchange.response.text });
  },
};

/** `prompt` and `completion`, both message lists (TRL): nothing is lost, the loss is on the completion alone. */
export const promptCompletionMessages: ExportFormat = {
  id: 'promptCompletionMessages',
  title: 'Prompt and completion, message lists',
  write(record) {
    const shown = shownChat(record);
    if (!shown.ok) return shown;
    const { exchange, chat } = shown.value;
    return ok({ prompt: toMessages(chatMessages(chat)), completion: toMessages([{ role: 'assistant', text: exchange.response.text }]) });
  },
};
