import { presentName, readPreamble, readQuestion, requiredText } from './fields';
import { singleResponse } from './shape';
import type { Shape } from './shape';

/**
 * `query` and `response` (ms-swift, data-juicer), `question` and `answer` or `response` (OpenOrca, axolotl), with `system` and `history`.
 * data-juicer's `instruction` stands before its `query`, as Alpaca's before its `input`.
 */
export const queryResponse: Shape = {
  id: 'queryResponse',
  title: 'query/response',
  matches: (root) => root.query !== undefined || (root.question !== undefined && (root.answer !== undefined || root.response !== undefined)),
  read(root, problems) {
    const query = root.query !== undefined ? 'query' : 'question';
    const questions =
      presentName(root, ['instruction']) === undefined
        ? readQuestion(root, { instruction: query }, problems)
        : readQuestion(root, { instruction: 'instruction', input: query }, problems);
    const answer = presentName(root, ['response', 'answer']) ?? 'response';
    return singleResponse([...readPreamble(root, problems), ...questions], requiredText(root[answer], [answer], problems));
  },
};
