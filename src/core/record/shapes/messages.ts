import { isList } from './shape';
import type { Shape } from './shape';
import { endOfList, readTurnList } from './turnList';

/** OpenAI's `messages: [{role, content}]`; the last assistant text answers the turns before it. */
export const messages: Shape = {
  id: 'messages',
  title: 'messages',
  matches: (root) => isList(root.messages),
  read(root, problems) {
    const list = isList(root.messages) ? root.messages : [];
    return endOfList(readTurnList(list, ['messages'], problems), [], ['messages'], problems);
  },
};
