import { ok } from '../../base/result';
import { chatMessages, shownChat } from './conversationTurns';
import type { SpokenTurn } from './conversationTurns';
import type { ExportFormat } from './exportFormat';

/** `messages: [{role, content}, …]`: OpenAI fine-tuning, TRL, Axolotl `chat_template`, ms-swift, Together, Fireworks. */
export const messages: ExportFormat = {
  id: 'messages',
  title: 'Messages (role, content)',
  write(record) {
    const shown = shownChat(record);
    if (!shown.ok) return shown;
    const { exchange, chat } = shown.value;
    return ok({ messages: toMessages([...chatMessages(chat), { role: 'assistant', text: exchange.response.text }]) });
  },
};

export function toMessages(turns: readonly SpokenTurn[]): { role: string; content: string }[] {
  return turns.map(({ role, text }) => ({ role, content: text }));
}
