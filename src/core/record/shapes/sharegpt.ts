import type { Turn } from '../conversation';
import { optionalText } from './fields';
import { isList } from './shape';
import type { Shape } from './shape';
import { endOfList, readTurnList } from './turnList';

/** ShareGPT's `conversations: [{from, value}]` with an optional `system`; ms-swift's `conversation: [{human, assistant}]`. */
export const sharegpt: Shape = {
  id: 'sharegpt',
  title: 'ShareGPT',
  matches: (root) => isList(root.conversations) || isList(root.conversation),
  read(root, problems) {
    const name = isList(root.conversations) ? 'conversations' : 'conversation';
    const list = root[name];
    const system = optionalText(root.system, ['system'], problems);
    const before: Turn[] = system ? [{ role: 'system', ...system }] : [];
    return endOfList(readTurnList(isList(list) ? list : [], [name], problems), before, [name], problems);
  },
};
