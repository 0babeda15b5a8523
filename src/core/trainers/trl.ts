import { describeType } from '../record/shapes/fields';
import { isList } from '../record/shapes/shape';
import type { JsonObject } from '../record/shapes/shape';
import { checkMessages, hasRole, lastRole } from './messageList';
import type { MessageRules } from './messageList';
import type { Finding, Trainer } from './trainer';

/** The roles that chat templates know; `developer` is Harmony's. */
const chat: MessageRules = { roles: new Set(['system', 'user', 'assistant', 'tool', 'developer']) };

/**
 * Read in TRL's docs (dataset_formats) and source, trl/data_utils.py: `messages`, or `prompt` and `completion` both texts or both message
 * lists, or `text`.
 */
export const trlSft: Trainer = {
  id: 'trl-sft',
  title: 'TRL SFTTrainer',
  source: 'huggingface/trl docs/source/dataset_formats.md, trl/data_utils.py',
  oneTypePerField: true,
  check(record) {
    if (record.messages !== undefined) {
      const findings = checkMessages(record.messages, ['messages'], chat);
      return findings.length > 0 || hasRole(record.messages, 'assistant') ? findings : [{ rule: 'no-response', severity: 'warning', message: 'No message is the assistant\'s: there is no response to learn.', path: ['messages'] }];
    }
    if (record.prompt !== undefined || record.completion !== undefined) return checkAlike(record, ['prompt', 'completion']);
    if (typeof record.text === 'string') return [];
    return [{ rule: 'missing-field', severity: 'error', message: 'TRL reads `messages`, `prompt` and `completion`, or `text`; this record has none of them: export it as messages.' }];
  },
};

/**
 * TRL's docs (dataset_formats, preference) and trl/data_utils.py: `chosen` and `rejected`, both texts or both message lists, `prompt` of the
 * same kind or within both; a message-list prompt must end with the user or the assistant.
 */
export const trlDpo: Trainer = {
  id: 'trl-dpo',
  title: 'TRL DPOTrainer',
  source: 'huggingface/trl docs/source/dataset_formats.md, trl/data_utils.py',
  oneTypePerField: true,
  check(record) {
    const names = record.prompt === undefined ? ['chosen', 'rejected'] : ['prompt', 'chosen', 'rejected'];
    const findings = checkAlike(record, names);
    if (findings.length > 0) return findings;
    if (JSON.stringify(record.chosen) === JSON.stringify(record.rejected)) {
      return [{ rule: 'same-pair', severity: 'warning', message: '`chosen` and `rejected` are the same: the pair teaches nothing.', path: ['rejected'] }];
    }
    return [];
  },
};

/** All the fields are there, and all are texts or all are message lists. */
function checkAlike(record: JsonObject, names: readonly string[]): Finding[] {
  const missing = names.filter((name) => record[name] === undefined || record[name] === null);
  if (missing.length > 0) return missing.map((name) => ({ rule: 'missing-field', severity: 'error', message: `There is no \`${name}\`.` }));
  const odd = names.filter((name) => typeof record[name] !== 'string' && !isList(record[name]));
  if (odd.length > 0) return odd.map((name) => ({ rule: 'not-text', severity: 'error', message: `\`${name}\` must be a text or a list of messages; it is ${describeType(record[name])}.`, path: [name] }));
  const lists = names.filter((name) => isList(record[name]));
  if (lists.length === 0) return [];
  if (lists.length < names.length) {
    return [{ rule: 'mixed-kinds', severity: 'error', message: `${names.map((name) => `\`${name}\``).join(', ')} must all be texts or all be lists of messages.`, path: [lists[0] ?? ''] }];
  }
  const findings = names.flatMap((name) => checkMessages(record[name], [name], chat));
  const last = lastRole(record.prompt);
  if (findings.length === 0 && names.includes('prompt') && last !== 'user' && last !== 'assistant') {
    findings.push({ rule: 'role-order', severity: 'error', message: 'TRL stops here: the last message of `prompt` must be the user\'s or the assistant\'s.', path: ['prompt'] });
  }
  return findings;
}
