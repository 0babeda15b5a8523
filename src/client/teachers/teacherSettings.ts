import { workspace } from 'vscode';
import type * as z from 'zod';
import { teacherSchema } from '../../protocol/settings';

export type TeacherEntry = z.infer<typeof teacherSchema>;
export type EndpointEntry = Extract<TeacherEntry, { kind: 'openai' }>;

/** The valid entries of `cupel.teachers`; the server reports the others. In an untrusted workspace its own entries are not among them. */
export function teacherEntries(): TeacherEntry[] {
  const entries = workspace.getConfiguration('cupel').get<unknown>('teachers');
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const parsed = teacherSchema.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}

export function endpointEntries(): EndpointEntry[] {
  return teacherEntries().filter((entry) => entry.kind === 'openai');
}
