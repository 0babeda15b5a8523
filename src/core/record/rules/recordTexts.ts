import type { Exchange, JsonPath, RecordProblem, RecordRule, TextField, Turn } from '../conversation';
import type { JsonObject } from '../shapes/shape';
import { findControlCharacter } from './controlCharacter';
import { findLeakedPrompt } from './leakedPrompt';
import { findLoneSurrogate } from './loneSurrogate';
import { findMojibake } from './mojibake';
import { findRefusal } from './refusal';
import type { TextFault } from './textFault';
import { findTruncation } from './truncatedResponse';

type Answer = Pick<Exchange, 'name' | 'prompt' | 'response'>;

/** What is odd about the texts of a record. Runs over every record that is read: a good text costs a look or two. */
export function reportTexts(root: JsonObject, prompt: readonly Turn[], candidates: readonly Answer[], problems: RecordProblem[]): void {
  // Texts are told apart by their path objects: a prompt that several candidates share is looked at once.
  let seen: Set<JsonPath> | undefined;
  const look = (field: TextField) => {
    if (!unusual.test(field.text) || seen?.has(field.path)) return;
    (seen ??= new Set()).add(field.path);
    report('lone-surrogate', findLoneSurrogate(field.text), field, problems);
    const mojibake = findMojibake(field.text);
    report('mojibake', mojibake, field, problems);
    // Wrongly read text is full of control characters: one reason is enough.
    if (!mojibake) report('control-character', findControlCharacter(field.text), field, problems);
  };
  for (const turn of prompt) look(turn);
  const unwanted = root.label === false || root.kto_tag === false;
  for (const candidate of candidates) {
    if (candidate.prompt !== prompt) for (const turn of candidate.prompt) look(turn);
    look(candidate.response);
    if (!unwanted && candidate.name !== 'rejected') judge(candidate, problems);
  }
}

/** Anything but printable ASCII, tabs and line ends. */
const unusual = /[^\t\n\r\x20-\x7e]/;

/** What a response should not be when it is to be learnt. */
function judge({ prompt, response }: Answer, problems: RecordProblem[]): void {
  const refusal = findRefusal(response.text);
  report('refusal', refusal, response, problems);
  if (!refusal) report('truncated-response', findTruncation(response.text), response, problems);
  report('leaked-prompt', findLeakedPrompt(prompt, response.text), response, problems);
}

function report(rule: RecordRule, fault: TextFault | undefined, { path }: TextField, problems: RecordProblem[]): void {
  if (fault) problems.push({ rule, message: fault.message, path, part: { start: fault.start, end: fault.end } });
}
