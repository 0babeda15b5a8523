import path from 'node:path';
import { quoteShort } from '../core/record/shapes/fields';
import { defaultSettings, namesRule, settingsSchema, severityChoices, teacherSchema, type Settings } from '../protocol/settings';

export interface ReadSettings {
  readonly settings: Settings;
  /** One sentence for each entry that was wrong and whose default is used. */
  readonly complaints: readonly string[];
}

type Tree = Record<string, unknown>;

/** The `cupel` section as an editor sends it, made whole: what is absent takes its default, what is wrong does too and is named. */
export function readSettings(sent: unknown, workspaceFolder: string | undefined): ReadSettings {
  const complaints: string[] = [];
  const raw = withDefaults(isTree(sent) ? sent : {}, defaultSettings);
  if (Array.isArray(raw.teachers)) raw.teachers = rightTeachers(raw.teachers, complaints);
  if (isTree(raw.problems) && isTree(raw.problems.severity)) raw.problems = { ...raw.problems, severity: rightSeverities(raw.problems.severity, complaints) };
  // Each round takes out at least one wrong entry.
  for (;;) {
    const parsed = settingsSchema.safeParse(raw);
    if (parsed.success) return { settings: { ...parsed.data, teachers: usableTeachers(parsed.data.teachers, workspaceFolder, complaints) }, complaints };
    const issue = parsed.error.issues[0];
    const [section, entry] = (issue?.path ?? []).map(String);
    const message = issue?.message ?? 'is not understood';
    if (section === undefined) return { settings: defaultSettings, complaints: [...complaints, `cupel: ${message}; the defaults are used.`] };
    const defaults: Tree = { ...defaultSettings };
    const inner = raw[section];
    const innerDefaults = defaults[section];
    if (entry !== undefined && isTree(inner) && isTree(innerDefaults)) {
      complaints.push(`cupel.${section}.${entry}: ${message}; its default is used.`);
      raw[section] = { ...inner, [entry]: innerDefaults[entry] };
    } else {
      complaints.push(`cupel.${section}: ${message}; its default is used.`);
      raw[section] = innerDefaults;
    }
  }
}

/** The entries that `defaults` names, from `sent` where it has them; a table that is empty by default takes any. */
function withDefaults(sent: Tree, defaults: Tree): Tree {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, fallback]) => {
      const value = sent[name];
      if (value === undefined || value === null) return [name, fallback];
      return [name, isTree(fallback) && isTree(value) && Object.keys(fallback).length > 0 ? withDefaults(value, fallback) : value];
    }),
  );
}

/** One wrong teacher does not cost the others. */
function rightTeachers(entries: readonly unknown[], complaints: string[]): unknown[] {
  return entries.filter((entry, index) => {
    const issue = teacherSchema.safeParse(entry).error?.issues[0];
    if (issue) complaints.push(`cupel.teachers, entry ${index + 1}${issue.path.length > 0 ? ` (${issue.path.join('.')})` : ''}: ${issue.message}; this teacher is left out.`);
    return issue === undefined;
  });
}

/** One wrong rule or severity does not cost the others. */
function rightSeverities(entries: Tree, complaints: string[]): Tree {
  return Object.fromEntries(
    Object.entries(entries).filter(([name, choice]) => {
      if (!namesRule(name)) complaints.push(`cupel.problems.severity: there is no rule ${quoteShort(name)}; docs/rules.md lists them.`);
      else if (!choices.has(choice)) complaints.push(`cupel.problems.severity.${name}: write ${severityChoices.join(', ')}; its default is used.`);
      return namesRule(name) && choices.has(choice);
    }),
  );
}

const choices: ReadonlySet<unknown> = new Set(severityChoices);

function usableTeachers(teachers: Settings['teachers'], workspaceFolder: string | undefined, complaints: string[]): Settings['teachers'] {
  const known = new Set<string>();
  return teachers.flatMap((teacher) => {
    if (known.has(teacher.id)) {
      complaints.push(`cupel.teachers: "${teacher.id}" is there twice; the first is used.`);
      return [];
    }
    known.add(teacher.id);
    if (teacher.kind !== 'file' || path.isAbsolute(teacher.path) || workspaceFolder === undefined) return [teacher];
    return [{ ...teacher, path: path.resolve(workspaceFolder, teacher.path) }];
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
