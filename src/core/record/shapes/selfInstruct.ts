import type { RecordProblem, Turn } from '../conversation';
import { describeType, fieldName, optionalText, readPreamble, readQuestion, requiredText } from './fields';
import { isList, isObject } from './shape';
import type { Candidate, Shape } from './shape';

/** Self-Instruct's `instruction` with `instances: [{input, output}]`: each instance is a prompt of its own. */
export const selfInstruct: Shape = {
  id: 'selfInstruct',
  title: 'Self-Instruct',
  matches: (root) => root.instruction !== undefined && isList(root.instances),
  read(root, problems) {
    const instruction = [...readPreamble(root, problems), ...readQuestion(root, { instruction: 'instruction' }, problems)];
    const instances = isList(root.instances) ? root.instances : [];
    return { prompt: instruction, candidates: instances.flatMap((instance, index) => readInstance(instance, index, instruction, problems)) };
  },
};

function readInstance(instance: unknown, index: number, instruction: readonly Turn[], problems: RecordProblem[]): Candidate[] {
  const path = ['instances', index];
  if (!isObject(instance)) {
    problems.push({ rule: 'not-text', message: `${fieldName(path)} must be an object with \`input\` and \`output\`; it is ${describeType(instance)}.`, path });
    return [];
  }
  const input = optionalText(instance.input, [...path, 'input'], problems);
  const response = requiredText(instance.output, [...path, 'output'], problems);
  if (!response) {
    if (instance.output === undefined) problems.push({ rule: 'no-response', message: `${fieldName(path)} has no \`output\`.`, path });
    return [];
  }
  const prompt: Turn[] = input ? [...instruction, { role: 'user', part: 'input', ...input }] : [...instruction];
  return [{ name: `instances[${index}]`, prompt, response }];
}
