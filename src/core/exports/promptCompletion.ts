import { fail, ok } from '../../base/result';
import { chatMessages, chatPrompt, shownExchange } from './conversationTurns';
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
    const exchange = shownExchange(record);
    if (!exchange.ok) return exchange;
    const chat = chatPrompt(record, exchange.value);
    if (!chat.ok) return chat;
    const { system, history, question } = chat.value;
    if (system !== undefined || history.length > 0) return fail('has a system text or earlier turns, which plain text would lose: use promptCompletionMessages');
    return ok({ prompt: question, completion: exchange.value.response.text });
  },
};

/** `prompt` and `completion`, both message lists (TRL): nothing is lost, the loss is on the completion alone. */
export const promptCompletionMessages: ExportFormat = {
  id: 'promptCompletionMessages',
  title: 'Prompt and completion, message lists',
  write(record) {
    const exchange = shownExchange(record);
    if (!exchange.ok) return exchange;
    const chat = chatPrompt(record, exchange.value);
    if (!chat.ok) return chat;
    return ok({ prompt: toMessages(chatMessages(chat.value)), completion: toMessages([{ role: 'assistant', text: exchange.value.response.text }]) });
  },
};
