import type { Turn } from '../conversation';
import type { TextFault } from './textFault';

/** A shorter question may be repeated in a good answer. */
const shortestPrompt = 40;

/** Marks of prompt templates, each with a character without which it is not looked for: finding one of those costs next to nothing. */
const marks: readonly { readonly sign: string; readonly pattern: RegExp }[] = [
  { sign: '#', pattern: /^[ \t]*###\s?(?:Instruction|Response|Human|Assistant|User|Input)\s?:/m },
  {
    sign: '<',
    pattern: /<\|(?:im_start|im_end|endoftext|eot_id|start_header_id|end_header_id|begin_of_text|user|assistant|system|end|endofprompt)\|>|<<SYS>>|<(?:start|end)_of_turn>/,
  },
  { sign: ']', pattern: /\[\/?INST\]/ },
];
/** What a text that a template begins, begins with, by its first letter. */
const openings: ReadonlyMap<number, string> = new Map(['Below is an instruction that describes a task', 'USER: ', 'ASSISTANT: ', 'Instruction: '].map((opening) => [opening.charCodeAt(0), opening]));

/** Undefined when the response neither begins with the whole prompt nor holds marks of a template that the prompt does not hold too. */
export function findLeakedPrompt(prompt: readonly Turn[], response: string): TextFault | undefined {
  return repeatedPrompt(prompt, response) ?? templateOpening(prompt, response) ?? templateMark(prompt, response);
}

function templateOpening(prompt: readonly Turn[], response: string): TextFault | undefined {
  const found = openings.get(response.charCodeAt(0));
  if (found === undefined || !response.startsWith(found) || prompt.some(({ text }) => text.includes(found))) return undefined;
  return leaked(found.trim(), 0, found.length);
}

function templateMark(prompt: readonly Turn[], response: string): TextFault | undefined {
  for (const { sign, pattern } of marks) {
    if (!response.includes(sign)) continue;
    const found = pattern.exec(response);
    if (found === null || prompt.some(({ text }) => pattern.test(text))) continue;
    const mark = found[0].trim();
    const at = found.index + found[0].indexOf(mark);
    return leaked(mark, at, at + mark.length);
  }
  return undefined;
}

function leaked(mark: string, start: number, end: number): TextFault {
  return { message: `The response holds the mark ${mark} of a prompt template: delete it and what does not belong to the answer.`, start, end };
}

function repeatedPrompt(prompt: readonly Turn[], response: string): TextFault | undefined {
  const asked = lastQuestion(prompt);
  if (asked === undefined || asked.length < shortestPrompt || response.length < asked.length) return undefined;
  const start = skipBlanks(response);
  const from = skipBlanks(asked);
  if (response.charCodeAt(start) !== asked.charCodeAt(from)) return undefined;
  const question = asked.trim();
  if (question.length < shortestPrompt || !response.startsWith(question, start)) return undefined;
  // The text that a prompt asks to go on with, and nothing but the prompt itself, are other matters than a leak.
  const rest = response.slice(start + question.length);
  if (!/^\s*\n|^\s*(?:Answer|Response|Output)\s*:/i.test(rest) || rest.trim() === '') return undefined;
  return { message: 'The response repeats the whole prompt before it answers: delete the repetition.', start, end: start + question.length };
}

/** What is asked; the material that comes with it may well be repeated. */
function lastQuestion(prompt: readonly Turn[]): string | undefined {
  for (let at = prompt.length - 1; at >= 0; at--) {
    const turn = prompt[at];
    if (turn?.role === 'user' && turn.part !== 'input') return turn.text;
  }
  return undefined;
}

function skipBlanks(text: string): number {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}
