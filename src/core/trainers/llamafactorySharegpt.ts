import { describeType, fieldName, quoteShort } from '../record/shapes/fields';
import { isList, isObject } from '../record/shapes/shape';
import type { JsonObject } from '../record/shapes/shape';
import type { Finding, Trainer } from './trainer';

const askers: ReadonlySet<unknown> = new Set(['human', 'observation']);
const answerers: ReadonlySet<unknown> = new Set(['gpt', 'function_call']);

/**
 * Read in LLaMA-Factory's source, data/converter.py (SharegptDatasetConverter): strict alternation, an even count of turns (odd for
 * ranking data), a leading `system` turn apart; anything else is logged as "Skipping this abnormal example" and lost.
 */
export const llamafactorySharegpt: Trainer = {
  id: 'llamafactory-sharegpt',
  title: 'LLaMA-Factory, formatting: sharegpt',
  source: 'hiyouga/LLaMA-Factory src/llamafactory/data/converter.py',
  oneTypePerField: true,
  check(record) {
    const { conversations } = record;
    if (conversations === undefined) return [{ rule: 'missing-field', severity: 'error', message: missingConversations(record) }];
    if (!isList(conversations)) return [{ rule: 'not-a-list', severity: 'error', message: `\`conversations\` must be a list of turns; it is ${describeType(conversations)}.`, path: ['conversations'] }];
    const malformed = conversations.flatMap(checkTurn);
    const ranking = isObject(record.chosen) || isObject(record.rejected);
    return [...(malformed.length > 0 ? malformed : checkAlternation(conversations, ranking)), ...(ranking ? checkPair(record) : []), ...checkTopLevel(record)];
  },
};

function checkTurn(turn: unknown, index: number): Finding[] {
  const path = ['conversations', index];
  if (!isObject(turn)) return [{ rule: 'not-a-message', severity: 'error', message: `${fieldName(path)} must be an object with \`from\` and \`value\`; it is ${describeType(turn)}.`, path }];
  if (typeof turn.from !== 'string') return [{ rule: 'missing-field', severity: 'error', message: `${fieldName(path)} has no \`from\`: LLaMA-Factory stops with a KeyError.`, path }];
  if (typeof turn.value !== 'string') return [{ rule: 'not-text', severity: 'error', message: `${fieldName(path)} must have a text in \`value\`; it is ${describeType(turn.value)}.`, path }];
  return [];
}

function checkAlternation(conversations: readonly unknown[], ranking: boolean): Finding[] {
  const lead = isObject(conversations[0]) && conversations[0].from === 'system' ? 1 : 0;
  const turns = conversations.slice(lead);
  for (const [index, turn] of turns.entries()) {
    const from = isObject(turn) ? turn.from : undefined;
    const expected = index % 2 === 0 ? askers : answerers;
    if (expected.has(from)) continue;
    const path = ['conversations', index + lead, 'from'];
    const place = index % 2 === 0 ? 'human or observation' : 'gpt or function_call';
    return [skipped(`turn ${index + 1} is from ${quoteShort(String(from))}, ${place} belongs there`, path)];
  }
  const wanted = ranking ? 1 : 0;
  if (turns.length % 2 === wanted && turns.length > 0) return [];
  const count = `it has ${turns.length} turn${turns.length === 1 ? '' : 's'} after the system text`;
  return [skipped(`${count}, ranking data needs an odd number and other data an even number above 0`, ['conversations'])];
}

function checkPair(record: JsonObject): Finding[] {
  return (['chosen', 'rejected'] as const).flatMap((name): Finding[] => {
    const turn = record[name];
    if (isObject(turn) && answerers.has(turn.from) && typeof turn.value === 'string') return [];
    return [{ rule: 'bad-pair', severity: 'error', message: `\`${name}\` must be one turn of gpt: {"from": "gpt", "value": …}.`, ...(turn !== undefined && { path: [name] }) }];
  });
}

function checkTopLevel(record: JsonObject): Finding[] {
  const findings: Finding[] = [];
  if (typeof record.system === 'string' && record.system !== '') {
    findings.push({ rule: 'needs-column', severity: 'warning', message: 'LLaMA-Factory ignores `system` unless dataset_info.json has "columns": {"system": "system", …}; a first turn from system needs nothing.', path: ['system'] });
  }
  if (record.tools !== undefined && record.tools !== null && typeof record.tools !== 'string') {
    findings.push({ rule: 'not-text', severity: 'error', message: `\`tools\` must be a text that holds JSON; it is ${describeType(record.tools)}.`, path: ['tools'] });
  }
  return findings;
}

function skipped(why: string, path: readonly (string | number)[]): Finding {
  return { rule: 'would-skip', severity: 'error', message: `LLaMA-Factory will skip this record: ${why}.`, path };
}

function missingConversations(record: JsonObject): string {
  const remedy = isList(record.messages) ? 'name the column and the tags of `messages` in dataset_info.json, or export as ShareGPT' : 'export as ShareGPT';
  return `There is no \`conversations\`: ${remedy}.`;
}
