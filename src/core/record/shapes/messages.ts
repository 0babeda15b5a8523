import { isList, singleResponse } from './shape';
import type { Shape } from './shape';
import { readTurnList } from './turnList';

/** OpenAI's `messages: [{role, content}]`; the last assistant text answers the turns before it. */
export const messages: Shape = {
  id: 'messages',
  title: 'messages',
  matches: (root) => isList(root.messages),
  read(root, problems) {
    const { prompt, response } = readTurnList(isList(root.messages) ? root.messages : [], ['messages'], problems);
    return singleResponse(prompt, response);
  },
};
