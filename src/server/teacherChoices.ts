import path from 'node:path';
import type { TeacherChoice } from '../protocol/lsp';
import type { Settings } from '../protocol/settings';

/** The configured teachers as a person picks among them. */
export function teacherChoices(teachers: Settings['teachers'], workspaceFolder: string | undefined): TeacherChoice[] {
  return teachers.map((teacher) => {
    const { id, kind } = teacher;
    if (teacher.kind === 'openai') return { id, kind, description: `${teacher.model}  ${new URL(teacher.baseUrl).host}` };
    const inside = workspaceFolder === undefined ? '' : path.relative(workspaceFolder, teacher.path);
    return { id, kind, description: inside === '' || inside.startsWith('..') ? teacher.path : inside };
  });
}
