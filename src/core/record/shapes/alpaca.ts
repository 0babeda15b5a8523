import { readPreamble, readQuestion, requiredText } from './fields';
import { singleResponse } from './shape';
import type { Shape } from './shape';

/**
 * `instruction`, `input`, `output`, with `system` and `history`. Without an `output` it is a prompt alone;
 * `input` with `output` but no `instruction` is read too (torchtune's instruct columns).
 */
export const alpaca: Shape = {
  id: 'alpaca',
  title: 'Alpaca',
  matches: (root) => root.instruction !== undefined || (root.input !== undefined && root.output !== undefined),
  read(root, problems) {
    const prompt = [...readPreamble(root, problems), ...readQuestion(root, { instruction: 'instruction', input: 'input' }, problems)];
    return singleResponse(prompt, requiredText(root.output, ['output'], problems));
  },
};
