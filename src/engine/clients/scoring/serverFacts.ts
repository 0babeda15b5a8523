import { z } from 'zod';
import { ScoringServerError } from './scoringServerError';

/** POST, or GET without a body; rejects with a ScoringServerError. */
export type Call = (path: string, body?: object) => Promise<unknown>;

export interface ServerFacts {
  /** As the server calls it. */
  readonly model?: string;
  /** Set where the server has several and a request must name one. */
  readonly models?: readonly string[];
  readonly version?: string;
  /** Tokens that a prompt may have. */
  readonly contextLength?: number;
}

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string(), max_model_len: z.int().positive().nullish().catch(undefined) })) });
const versionSchema = z.object({ version: z.string() });

/** From `GET /v1/models`, which vLLM and SGLang extend by `max_model_len`; `named` picks one of several. */
export async function openaiFacts(call: Call, named: string | undefined): Promise<ServerFacts> {
  const models = modelsSchema.safeParse(await orUndefined(call('/v1/models')));
  if (!models.success) return named === undefined ? {} : { model: named };
  const listed = models.data.data;
  const one = named === undefined ? listed[0] : listed.find(({ id }) => id === named);
  return {
    ...(one !== undefined && { model: one.id }),
    ...(one?.max_model_len != null && { contextLength: one.max_model_len }),
    models: listed.map(({ id }) => id),
  };
}

export async function openaiVersion(call: Call): Promise<string | undefined> {
  const version = versionSchema.safeParse(await orUndefined(call('/version')));
  return version.success ? version.data.version : undefined;
}

/** Undefined where the server has no such path. */
export async function orUndefined(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ScoringServerError && isMissingPath(error)) return undefined;
    throw error;
  }
}

function isMissingPath({ status }: ScoringServerError): boolean {
  return status === 404 || status === 405 || status === 501;
}
