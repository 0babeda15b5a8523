import * as z from 'zod';
import { scoreIds } from '../core/scores/catalogue';
import type { SelectionRule } from '../core/selection/rule';
import type { RecordCommandArguments } from '../protocol/commands';

/**
 * What commands accept as their one argument, from links, code actions, key bindings and tests.
 * Without it a command works on the active editor and asks for the rest.
 */

export const recordArguments: z.ZodType<RecordCommandArguments> = z.object({
  uri: z.string().min(1),
  lines: z.array(z.int().min(0)).min(1),
  teacher: z.string().min(1).exactOptional(),
});

export const datasetArguments = z.object({ uri: z.string().min(1) });

const selectionRule: z.ZodType<SelectionRule> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('longest'), count: z.int().min(1) }),
  z.object({
    kind: z.literal('top'),
    score: z.enum(scoreIds),
    direction: z.enum(['highest', 'lowest']),
    below: z.number().exactOptional(),
    above: z.number().exactOptional(),
    count: z.int().min(1).exactOptional(),
    rate: z.number().gt(0).lte(1).exactOptional(),
  }),
  z.object({ kind: z.literal('random'), count: z.int().min(1), seed: z.int() }),
]);

export const selectArguments = z.object({ uri: z.string().min(1), rule: selectionRule, out: z.string().min(1) });
export const exportArguments = z.object({ uri: z.string().min(1), format: z.string().min(1), out: z.string().min(1) });
export const checkArguments = z.object({ uri: z.string().min(1), trainer: z.string().min(1) });
export const rankArguments = z.object({ sources: z.array(z.object({ name: z.string().min(1), path: z.string().min(1), proposedBy: z.string().exactOptional() })).min(1) });
export const scorerArguments = z.object({ kind: z.enum(['loss', 'reward']), model: z.string().min(1) });
/** A heading of the Scorers view names none. */
export const scorerChoiceArguments = z.object({ model: z.string().min(1).exactOptional() });
export const modelDownloadArguments = z.object({ download: z.string().min(1) });
export const bigFileArguments = z.object({ uri: z.string().min(1), record: z.int().min(1).exactOptional() });
export const recordNumberArguments = z.object({ record: z.int().min(1) });
export const searchArguments = z.object({
  uri: z.string().min(1),
  query: z.object({ text: z.string().min(1), regex: z.boolean().exactOptional(), caseSensitive: z.boolean().exactOptional() }),
  /** The first line to look at, 0-based. */
  from: z.int().min(0).exactOptional(),
});
export const teacherArguments = z.object({ teacher: z.string().min(1) });

/**
 * The argument in its proper form, or undefined when the command was started without one.
 * Menus pass the resource they were opened on: that counts as none.
 *
 * @throws when something else was passed.
 */
export function readArgument<T>(schema: z.ZodType<T>, argument: unknown): T | undefined {
  if (argument === undefined || argument === null || isResource(argument)) return undefined;
  const parsed = schema.safeParse(argument);
  if (parsed.success) return parsed.data;
  throw new Error(`the command does not understand its argument (${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')})`);
}

function isResource(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'scheme' in argument && 'fsPath' in argument;
}
