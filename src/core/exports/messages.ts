import { ok } from '../../base/result';
import { chatMessages, chatPrompt, shownExchange } from './conversationTurns';
import type { SpokenTurn } from './conversationTurns';
import type { ExportFormat } from './exportFormat';

/** `messages: [{role, content}, …]`: OpenAI fine-tuning, TRL, Axolotl `chat_template`, ms-swift, Together, Fireworks. */
export const messages: ExportFormat = {
  id: 'messages',
  title: 'Messages (role, content)',
  write(record) {
    const exchange = shownExchange(record);
    if (!exchange.ok) return exchange;
    const chat = chatPrompt(record, exchange.value);
    if (!chat.ok) return chat;
    return ok({ messages: toMessages([...chatMessages(chat.value), { role: 'assistant', text: exchange.value.response.text }]) });
  },
};

export function toMessages(turns: readonly SpokenTurn[]): { role: string; content: string }[] {
  return turns.map(({ role, text }) => ({ role, content: text }));
}
