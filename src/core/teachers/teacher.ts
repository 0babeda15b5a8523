/** Who can write a response. Part of the settings and of a CLI's `--teacher`. */
export type TeacherConfig = EndpointTeacher | FileTeacher;

/** An OpenAI-compatible chat endpoint. Its key never stands here. */
export interface EndpointTeacher {
  readonly kind: 'openai';
  readonly id: string;
  /** Such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Requests at once, default 4. */
  readonly concurrency?: number;
  /** Seconds without a byte before a request is given up, default 60. */
  readonly timeoutSeconds?: number;
  /** Environment variable that holds the key, for the CLI. */
  readonly apiKeyEnv?: string;
  /** False for local servers that want no key. Default: asked for when the server answers 401. */
  readonly needsKey?: boolean;
}

/** Another dataset that holds responses to the same instructions. */
export interface FileTeacher {
  readonly kind: 'file';
  readonly id: string;
  /** Absolute, or relative to the workspace folder (CLI: the current directory). */
  readonly path: string;
}

/** Where a response comes from; written to the journal before the response is shown. */
export interface Provenance {
  readonly teacher: string;
  /** The model as the server reports it, or the file's name. */
  readonly model: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly promptTemplate: string;
  /** ISO 8601. */
  readonly time: string;
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
  readonly requestId?: string;
}
