import type { LossPresetId } from './presets/preset';

/**
 * What measures losses and rewards, as `--loss-model`, `--reward-model` and the settings name it:
 * `embedded` · `tiny` · a folder · a Hugging Face name · `vllm:URL#MODEL` · `sglang:URL#MODEL` · `tgi:URL` · `tei:URL` · `judge:TEACHER`.
 * Several base URLs of one model stand with commas between them.
 */
export type LossModelSpec = EmbeddedSpec | CheckpointSpec | ServerSpec<LossServer>;
export type RewardModelSpec = EmbeddedSpec | CheckpointSpec | ServerSpec<RewardServer> | JudgeSpec;

export interface EmbeddedSpec {
  readonly kind: 'embedded';
}

export interface CheckpointSpec {
  readonly kind: 'checkpoint';
  /** `tiny`, a folder, or a name in the Hugging Face hub. */
  readonly location: string;
}

export interface ServerSpec<S extends string> {
  readonly kind: 'server';
  readonly server: S;
  /** Replicas of one model, at least one; without a slash at the end. */
  readonly baseUrls: readonly string[];
  readonly model?: string;
}

export interface JudgeSpec {
  readonly kind: 'judge';
  /** The id of a teacher that is a chat endpoint. */
  readonly teacher: string;
}

export const lossServers = ['vllm', 'sglang', 'tgi'] as const;
export type LossServer = (typeof lossServers)[number];

export const rewardServers = ['vllm', 'sglang', 'tei'] as const;
export type RewardServer = (typeof rewardServers)[number];

export const lossPresetIds = ['superfiltering', 'cherry'] as const satisfies readonly LossPresetId[];

/** How a local checkpoint computes: as published, or with eight-bit weights. */
export const precisions = ['fp32', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** The small language model that ships with Cupel, a checkpoint like any other. */
export const tinyModel = 'tiny';

/** @throws Error with one sentence for a person. */
export function parseLossModel(text: string): LossModelSpec {
  const spec = localModel(text) ?? server(text, lossServers, 'loss');
  if (spec !== undefined) return spec;
  if (text.startsWith('judge:')) throw new Error(`"${text}" cannot measure losses: a judge gives ratings; use it as the reward model.`);
  return checkpoint(text, 'loss');
}

/** @throws Error with one sentence for a person. */
export function parseRewardModel(text: string): RewardModelSpec {
  if (text.trim() === tinyModel) throw new Error('"tiny" cannot measure reward: it is a language model; use it as the loss model.');
  const spec = localModel(text) ?? server(text, rewardServers, 'reward');
  if (spec !== undefined) return spec;
  if (!text.startsWith('judge:')) return checkpoint(text, 'reward');
  const teacher = text.slice('judge:'.length).trim();
  if (teacher === '') throw new Error('"judge:" wants the id of a teacher after it, such as judge:gpt-4o-mini.');
  return { kind: 'judge', teacher };
}

function localModel(text: string): EmbeddedSpec | undefined {
  if (text.trim() === '') throw new Error('A scoring model is empty; name one, such as embedded.');
  return text.trim() === 'embedded' ? { kind: 'embedded' } : undefined;
}

function checkpoint(text: string, measures: 'loss' | 'reward'): CheckpointSpec {
  const scheme = /^([a-z]{2,}):/i.exec(text)?.[1];
  if (scheme !== undefined) {
    const known = measures === 'loss' ? lossServers : [...rewardServers, 'judge'];
    throw new Error(`"${scheme}:" is no kind of ${measures} model. Known: ${known.map((name) => `${name}:`).join(', ')}, embedded, a folder or a Hugging Face name.`);
  }
  return { kind: 'checkpoint', location: text.trim() };
}

function server<S extends string>(text: string, servers: readonly S[], measures: string): ServerSpec<S> | undefined {
  const name = servers.find((known) => text.startsWith(`${known}:`));
  if (name === undefined) return undefined;
  const [urls = '', ...rest] = text.slice(name.length + 1).split('#');
  const model = rest.join('#').trim();
  const baseUrls = urls
    .split(',')
    .map((url) => url.trim().replace(/\/+$/u, ''))
    .filter((url) => url !== '');
  for (const url of baseUrls) if (!/^https?:\/\/[^/]/i.test(url)) throw new Error(`"${url}" is no http address; write the ${measures} model as ${name}:http://HOST:PORT#MODEL.`);
  if (baseUrls.length === 0) throw new Error(`The ${measures} model "${text}" names no address; write it as ${name}:http://HOST:PORT#MODEL.`);
  return { kind: 'server', server: name, baseUrls, ...(model === '' ? {} : { model }) };
}
