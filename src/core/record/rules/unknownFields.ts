import type { RecordProblem } from '../conversation';
import { quoteShort } from '../shapes/fields';
import type { JsonObject } from '../shapes/shape';
import { editDistance } from './editDistance';

/** Fields that a shape reads a conversation from. */
const read: ReadonlySet<string> = new Set(
  (
    'instruction input output system system_prompt history messages conversations conversation instances prompt completion response responses query question answer ' +
    'chosen rejected chosen_response rejected_response chosen_messages rejected_messages chosen_conversations rejected_conversations preferred_output non_preferred_output'
  ).split(' '),
);

/** Fields that trainers read beside the conversation, and those that published datasets carry under the same names. */
const carried: ReadonlySet<string> = new Set(
  (
    'tools functions parallel_tool_calls images image videos video audios audio objects label labels kto_tag ranking text completions weight train reasoning thinking rationale solution ' +
    'input_ids attention_mask generation corrected reflection article context contexts intent knowledge difficulty responses_armorm repeat_count outputs inputs prompts answers questions ' +
    'instructions queries expected_output ground_truth reference references most_similar_instructions key keys name title'
  ).split(' '),
);

/** Words of field names that say where a record comes from or how good it is: `source`, `conversation_id`, `instruct_reward`, `ppl_A_direct`. */
const aboutRecord =
  /(?:^|[_\-.\s])(?:id|ids|uuid|guid|idx|index|no|num|number|count|hash|source|src|origin|dataset|data|file|url|link|license|licence|lang|language|locale|model|models|generator|teacher|author|annotator|annotations?|user|worker|date|time|timestamp|created|updated|version|split|fold|tags?|meta|metadata|info|extra|notes?|comments?|type|kind|format|task|domain|topic|topics|category|categories|subject|skill|ability|level|quality|explanation|scores?|rating|ratings|rank|reward|rewards|loss|ppl|perplexity|ifd|car|similarity|distance|embedding|tokens?|words?|chars?|length|len|turns?|seed|temperature|usage|cost|status|flag|flagged|is|has|safe|toxicity|annotation|evol|step|round|template)(?:$|[_\-.\s\d])/i;

/** A record has few names; a hostile one may have thousands. */
const mostNames = 20;
const longestName = 60;

/**
 * The record's own fields that no shape reads and no convention knows, in their order. Those a letter or two away from a
 * field that the record lacks are problems of the record and not among them.
 */
export function findUnknownFields(root: JsonObject, problems: RecordProblem[]): readonly string[] {
  let unknown: string[] | undefined;
  for (const name in root) {
    if (read.has(name) || isCarried(name)) continue;
    const meant = nearest(name).find((field) => root[field] === undefined);
    if (meant !== undefined) problems.push({ rule: 'unknown-field', message: `No shape reads the field ${quoteShort(name)}: did you mean "${meant}"?`, path: [name] });
    else if ((unknown ??= []).length < mostNames) unknown.push(name);
  }
  return unknown === undefined ? none : shared(unknown);
}

const none: readonly string[] = [];

/** Answers of names seen before: a file has the same few in every record. */
const carriedNames = new Map<string, boolean>();
const nearestNames = new Map<string, readonly string[]>();
const sharedLists = new Map<string, readonly string[]>();
const remembered = 1000;

function isCarried(name: string): boolean {
  return recall(carriedNames, name, () => carried.has(name) || name.startsWith('_') || aboutRecord.test(name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1_$2')));
}

/** Fields that the name may be a slip for, the likeliest first. */
function nearest(name: string): readonly string[] {
  return recall(nearestNames, name, () => {
    const plain = name.trim().toLowerCase();
    if (plain.length > longestName) return none;
    return [...read]
      .filter((field) => field.length >= 5)
      .map((field) => ({ field, distance: editDistance(plain, field) }))
      .filter(({ field, distance }) => distance <= (field.length >= 7 ? 2 : 1))
      .sort((a, b) => a.distance - b.distance)
      .map(({ field }) => field);
  });
}

/** One list for all records with the same unknown fields, however many there are. */
function shared(names: readonly string[]): readonly string[] {
  return recall(sharedLists, JSON.stringify(names), () => names);
}

function recall<T>(memory: Map<string, T>, key: string, compute: () => T): T {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = compute();
  if (memory.size >= remembered) memory.clear();
  memory.set(key, value);
  return value;
}
