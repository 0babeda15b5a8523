import path from 'node:path';
import type { EndpointTeacher, FileTeacher, TeacherConfig } from '../../core/teachers/teacher';
import type { EnginePorts, TeacherState } from '../engine';
import { listModels } from './chatRequest';
import { type AnswerIndexes, describeIndex } from './fileTeacher';
import { KeySource } from './keySource';
import { TeacherError } from './teacherError';

export interface CheckDeps {
  readonly apiKey: EnginePorts['apiKey'];
  readonly now: () => Date;
  readonly indexes: AnswerIndexes;
}

const timeoutSeconds = 5;

/** Is the teacher there: one short call that costs nothing, or a look into the file. Never asks the person for a key. */
export async function checkTeacher(config: TeacherConfig, deps: CheckDeps, signal: AbortSignal): Promise<TeacherState> {
  return config.kind === 'file' ? checkFile(config, deps, signal) : checkEndpoint(config, deps, signal);
}

async function checkFile(config: FileTeacher, { indexes }: CheckDeps, signal: AbortSignal): Promise<TeacherState> {
  const opened = await indexes.open(path.resolve(config.path), signal);
  if (!opened.ok) return { id: config.id, reachable: false, detail: opened.reason };
  return { id: config.id, reachable: opened.value.rows > 0, detail: describeIndex(opened.value) };
}

async function checkEndpoint(config: EndpointTeacher, { apiKey, now }: CheckDeps, signal: AbortSignal): Promise<TeacherState> {
  const { id, model } = config;
  const state = (reachable: boolean, detail: string): TeacherState => ({ id, reachable, detail });
  try {
    const key = await new KeySource(config, apiKey).current();
    const models = await listModels({ ...config, timeoutSeconds: Math.min(timeoutSeconds, config.timeoutSeconds ?? timeoutSeconds) }, key, signal, now);
    if (models === undefined) return state(true, `${id} answers, but lists no models: does its address end in /v1?`);
    return models.includes(model) ? state(true, `${id} serves ${model}`) : state(true, `${id} answers, but does not list ${model}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TeacherError)) throw error;
    return state(false, error.message);
  }
}
