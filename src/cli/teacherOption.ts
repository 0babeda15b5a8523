import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { z } from 'zod';
import { errorMessage } from '../base/errorMessage';
import type { TeacherConfig } from '../core/teachers/teacher';
import { teacherSchema } from '../protocol/settings';
import { UsageError } from './exit';

/**
 * Who `--teacher` means: a dataset file (`answers.jsonl`, `NAME=answers.jsonl`), an endpoint (`http://host:8000/v1#MODEL`),
 * or the id of a teacher in the settings file (`cupel.teachers` of `.vscode/settings.json` unless `--settings` names another).
 */
export async function findTeacher(argument: string, options: { readonly settings?: string; readonly apiKeyEnv?: string }): Promise<TeacherConfig> {
  const [, baseUrl, model] = /^(https?:\/\/[^#]+)#(.+)$/.exec(argument) ?? [];
  if (baseUrl && model) {
    if (!URL.canParse(baseUrl)) throw new UsageError(`"${baseUrl}" is not the address of a server.`);
    return { kind: 'openai', id: model, baseUrl, model, ...(options.apiKeyEnv && { apiKeyEnv: options.apiKeyEnv }) };
  }
  const [, name, file] = /^(?:([^=/\\]+)=)?(.+\.(?:jsonl|ndjson|json))$/i.exec(argument) ?? [];
  if (file) return { kind: 'file', id: name ?? path.basename(file).replace(/\.\w+$/, ''), path: path.resolve(file) };
  const configured = await configuredTeachers(options.settings);
  const teacher = configured.find(({ id }) => id === argument);
  if (!teacher) {
    const known = configured.length > 0 ? ` Configured: ${configured.map(({ id }) => id).join(', ')}.` : '';
    throw new UsageError(`There is no teacher "${argument}".${known} Give a JSONL file, URL#MODEL, or an id from cupel.teachers in a settings file.`);
  }
  return teacher.kind === 'file' ? { ...teacher, path: path.resolve(teacher.path) } : teacher;
}

async function configuredTeachers(settings: string | undefined): Promise<readonly z.infer<typeof teacherSchema>[]> {
  const file = settings ?? path.join('.vscode', 'settings.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (settings === undefined) return [];
    throw new UsageError(`${file} cannot be read: ${errorMessage(error)}`);
  }
  const errors: ParseError[] = [];
  const content: unknown = parse(text, errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (broken) throw new UsageError(`${file} is broken at offset ${broken.offset}: ${printParseErrorCode(broken.error)}.`);
  const parsed = z.object({ 'cupel.teachers': z.array(teacherSchema).optional() }).safeParse(content);
  if (!parsed.success) throw new UsageError(`${file}: cupel.teachers is not valid. ${z.prettifyError(parsed.error)}`);
  return parsed.data['cupel.teachers'] ?? [];
}
