import { describeType } from './shapes/fields';
import { isList } from './shapes/shape';
import type { JsonObject } from './shapes/shape';

/** Why a parsed value that is no object cannot be a record, and what to do about it. */
export function whyNotAnObject(value: unknown): string {
  if (isList(value)) {
    return 'A record must be a JSON object; this line is an array. If the whole file is one JSON array, write each of its elements on a line of its own.';
  }
  if (typeof value === 'string') {
    return 'A record must be a JSON object; this line is a string. If it holds a record as quoted JSON, take away one level of quoting.';
  }
  return `A record must be a JSON object, such as {"instruction": "…", "output": "…"}; this line is ${describeType(value)}.`;
}

const listFields = ['messages', 'conversations', 'instances'] as const;
const sides = ['chosen', 'rejected'] as const;

/** Why no shape reads an object: the nearest miss, or else what there is to choose from. */
export function whyNoShape(root: JsonObject): string {
  const wrong = listFields.find((name) => root[name] !== undefined);
  if (wrong !== undefined && !isList(root[wrong])) return `\`${wrong}\` must be a list; here it is ${describeType(root[wrong])}.`;
  const side = sides.find((name) => root[name] !== undefined);
  if (side !== undefined) return `A preference record needs both \`chosen\` and \`rejected\`; this one has \`${side}\` alone.`;
  return 'This object has no known shape: a record has instruction/output, messages, conversations, prompt/completion, chosen/rejected, query/response, instruction/response or instruction/instances.';
}
