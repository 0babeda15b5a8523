import type { JsonPath } from '../record/conversation';
import { describeType, fieldName, quoteShort } from '../record/shapes/fields';
import { isList, isObject } from '../record/shapes/shape';
import type { JsonObject } from '../record/shapes/shape';
import type { Finding } from './trainer';

export interface MessageRules {
  readonly roles: ReadonlySet<string>;
  /** Keys a message may have; any when absent. */
  readonly keys?: ReadonlySet<string>;
}

/** Checks `[{role, content}, …]` as chat trainers read it: a list that is not empty, known roles, texts where no tool is called. */
export function checkMessages(value: unknown, path: JsonPath, rules: MessageRules): Finding[] {
  if (!isList(value)) return [{ rule: 'not-a-list', severity: 'error', message: `${fieldName(path)} must be a list of messages; it is ${describeType(value)}.`, path }];
  if (value.length === 0) return [{ rule: 'no-messages', severity: 'error', message: `${fieldName(path)} is an empty list.`, path }];
  return value.flatMap((message, index) => checkMessage(message, [...path, index], rules));
}

/** True when a message of this list is the assistant's. */
export function hasRole(value: unknown, role: string): boolean {
  return isList(value) && value.some((message) => isObject(message) && message.role === role);
}

/** The role of the last message; undefined when there is none to read. */
export function lastRole(value: unknown): unknown {
  const last = isList(value) ? value.at(-1) : undefined;
  return isObject(last) ? last.role : undefined;
}

function checkMessage(message: unknown, path: JsonPath, rules: MessageRules): Finding[] {
  if (!isObject(message)) return [{ rule: 'not-a-message', severity: 'error', message: `${fieldName(path)} must be an object with a role and a content; it is ${describeType(message)}.`, path }];
  return [...checkRole(message, path, rules.roles), ...checkContent(message, path), ...checkKeys(message, path, rules.keys)];
}

function checkRole(message: JsonObject, path: JsonPath, roles: ReadonlySet<string>): Finding[] {
  const { role } = message;
  if (typeof role === 'string' && roles.has(role)) return [];
  const known = [...roles].join(', ');
  if (typeof role === 'string') return [{ rule: 'unknown-role', severity: 'error', message: `The role ${quoteShort(role)} is unknown here: write ${known}.`, path: [...path, 'role'] }];
  return [{ rule: 'missing-field', severity: 'error', message: `${fieldName(path)} has no \`role\`: write ${known}.`, path }];
}

function checkContent(message: JsonObject, path: JsonPath): Finding[] {
  const { content } = message;
  const calls = message.tool_calls !== undefined || message.function_call !== undefined;
  if (content === undefined || content === null) {
    return calls ? [] : [{ rule: 'missing-field', severity: 'error', message: `${fieldName(path)} has no \`content\`.`, path }];
  }
  if (typeof content === 'string' || isList(content)) return [];
  return [{ rule: 'not-text', severity: 'error', message: `${fieldName([...path, 'content'])} must be a text; it is ${describeType(content)}.`, path: [...path, 'content'] }];
}

function checkKeys(message: JsonObject, path: JsonPath, keys: ReadonlySet<string> | undefined): Finding[] {
  if (keys === undefined) return [];
  return unknownKeys(message, keys).map((name) => ({ rule: 'unknown-key', severity: 'error', message: `A message has no field ${quoteShort(name)}: leave it out.`, path: [...path, name] }));
}

export function unknownKeys(object: JsonObject, known: ReadonlySet<string>): string[] {
  return Object.keys(object).filter((name) => !known.has(name));
}
