import type { Role, Turn } from '../record/conversation';

/** One message of an OpenAI-style chat request. */
export interface ChatMessage {
  readonly role: Exclude<Role, 'tool'>;
  readonly content: string;
}

/** Names what `buildChatMessages` does; part of a response's provenance. */
export const chatTemplate = 'chat@1';

/**
 * A prompt as chat messages. Consecutive turns of one role (Alpaca's instruction and input) become one message,
 * joined by a newline; turns without text are left out. A tool's output travels as a user's message, because
 * chat endpoints accept the tool role only together with the call that asked for it.
 */
export function buildChatMessages(prompt: readonly Pick<Turn, 'role' | 'text'>[]): readonly ChatMessage[] {
  const messages: { role: ChatMessage['role']; content: string }[] = [];
  for (const turn of prompt) {
    if (turn.text === '') continue;
    const role = turn.role === 'tool' ? 'user' : turn.role;
    const last = messages.at(-1);
    if (last?.role === role) last.content += `\n${turn.text}`;
    else messages.push({ role, content: turn.text });
  }
  return messages;
}
