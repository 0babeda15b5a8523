import { describeType, readPreamble, readQuestion, requiredText } from './fields';
import { isList } from './shape';
import type { Candidate, Shape } from './shape';

/**
 * Magpie's `instruction` with one `response`, a list of `responses`, or both; an `input` is read as Alpaca's.
 * (Magpie files that carry `conversations` are read as ShareGPT.)
 */
export const magpie: Shape = {
  id: 'magpie',
  title: 'Magpie',
  matches: (root) => root.instruction !== undefined && root.output === undefined && (root.response !== undefined || root.responses !== undefined),
  read(root, problems) {
    const prompt = [...readPreamble(root, problems), ...readQuestion(root, { instruction: 'instruction', input: 'input' }, problems)];
    const candidates: Candidate[] = [];
    const response = requiredText(root.response, ['response'], problems);
    if (response) candidates.push({ name: 'response', prompt, response });
    const { responses } = root;
    if (isList(responses)) {
      responses.forEach((element, index) => {
        const text = requiredText(element, ['responses', index], problems);
        if (text) candidates.push({ name: `responses[${index}]`, prompt, response: text });
      });
    } else if (responses !== undefined && responses !== null) {
      problems.push({ rule: 'not-text', message: `\`responses\` must be a list of strings; it is ${describeType(responses)}.`, path: ['responses'] });
    }
    return { prompt, candidates };
  },
};
