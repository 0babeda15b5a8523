import { describeType } from '../record/shapes/fields';
import { isList, isObject } from '../record/shapes/shape';
import type { JsonObject } from '../record/shapes/shape';
import type { Finding, Trainer } from './trainer';

/**
 * Read in LLaMA-Factory's source: data/converter.py (AlpacaDatasetConverter: `instruction` and `input` joined by a newline; an `output`
 * that is no string counts as no response), data/processor/supervised.py ("Dropped invalid example") and data/parser.py (`system` and
 * `history` are read only where dataset_info.json names their columns).
 */
export const llamafactoryAlpaca: Trainer = {
  id: 'llamafactory-alpaca',
  title: 'LLaMA-Factory, formatting: alpaca',
  source: 'hiyouga/LLaMA-Factory src/llamafactory/data/converter.py, processor/supervised.py, parser.py',
  oneTypePerField: true,
  check(record) {
    return record.chosen !== undefined || record.rejected !== undefined
      ? [...checkQuestion(record), ...checkPair(record), ...checkHistory(record.history)]
      : [...checkQuestion(record), ...checkOutput(record), ...checkHistory(record.history), ...checkColumns(record)];
  },
};

function checkQuestion(record: JsonObject): Finding[] {
  const findings = (['instruction', 'input', 'system'] as const).flatMap((name): Finding[] => {
    const value = record[name];
    if (value === undefined || value === null || typeof value === 'string') return [];
    return [{ rule: 'not-text', severity: 'error', message: `\`${name}\` must be a text; it is ${describeType(value)}.`, path: [name] }];
  });
  if (record.instruction === undefined) {
    const remedy = otherShape(record);
    findings.push({ rule: 'missing-field', severity: 'error', message: `There is no \`instruction\`${remedy}.` });
  }
  return findings;
}

function checkOutput(record: JsonObject): Finding[] {
  const { output } = record;
  if (typeof output === 'string') return [];
  const found = output === undefined ? 'there is none' : `it is ${describeType(output)}`;
  return [{ rule: 'would-skip', severity: 'error', message: `LLaMA-Factory drops this record with a log line only: \`output\` must be a text; ${found}.`, ...(output !== undefined && { path: ['output'] }) }];
}

function checkPair(record: JsonObject): Finding[] {
  return (['chosen', 'rejected'] as const).flatMap((name): Finding[] => {
    if (typeof record[name] === 'string') return [];
    return [{ rule: 'would-skip', severity: 'error', message: `LLaMA-Factory (ranking: true) drops this record: \`${name}\` must be a text; it is ${describeType(record[name])}.`, ...(record[name] !== undefined && { path: [name] }) }];
  });
}

function checkHistory(history: unknown): Finding[] {
  if (history === undefined || history === null) return [];
  if (!isList(history)) return [{ rule: 'not-a-list', severity: 'warning', message: `\`history\` is ignored: it must be a list of [question, answer] pairs; it is ${describeType(history)}.`, path: ['history'] }];
  return history.flatMap((pair, index): Finding[] =>
    isList(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string')
      ? []
      : [{ rule: 'bad-history', severity: 'error', message: `\`history[${index}]\` must be a pair of texts: [question, answer].`, path: ['history', index] }],
  );
}

/** Fields that are dropped in silence unless dataset_info.json names them. */
function checkColumns(record: JsonObject): Finding[] {
  return (['system', 'history'] as const).flatMap((name): Finding[] => {
    const value = record[name];
    const filled = typeof value === 'string' ? value !== '' : isList(value) && value.length > 0;
    if (!filled) return [];
    return [{ rule: 'needs-column', severity: 'warning', message: `LLaMA-Factory ignores \`${name}\` unless dataset_info.json has "columns": {"${name}": "${name}", …} for this file.`, path: [name] }];
  });
}

function otherShape(record: JsonObject): string {
  if (isList(record.messages) || isList(record.conversations)) return ': this is a chat record, use formatting: sharegpt or export it as Alpaca';
  if (isObject(record.messages)) return ': `messages` is no list';
  return ': name your column as "prompt" in dataset_info.json, or export as Alpaca';
}
