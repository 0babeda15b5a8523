import { homedir } from 'node:os';
import path from 'node:path';

/** What the variables of huggingface_hub say, so that Cupel and Python find the same files at the same hub. */
export interface HubEnvironment {
  /** `HF_HUB_CACHE`, else `HUGGINGFACE_HUB_CACHE`, else `hub` in `HF_HOME`, which is `huggingface` in the user's cache folder. */
  readonly cacheDir: string;
  /** `HF_ENDPOINT`, without a slash at its end. */
  readonly endpoint: string;
  /** `HF_TOKEN`. */
  readonly token?: string;
  /** `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE`. */
  readonly offline: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function hubEnvironment(variables: Variables = process.env): HubEnvironment {
  const token = given(variables.HF_TOKEN);
  return {
    cacheDir: cacheDir(variables),
    endpoint: (given(variables.HF_ENDPOINT) ?? 'https://huggingface.co').replace(/\/+$/, ''),
    ...(token === undefined ? {} : { token }),
    offline: isOn(variables.HF_HUB_OFFLINE) || isOn(variables.TRANSFORMERS_OFFLINE),
  };
}

/** A path with `~` for the user's home. */
export function expandHome(file: string): string {
  return /^~(?=$|[\\/])/.test(file) ? path.join(homedir(), file.slice(1)) : file;
}

function cacheDir(variables: Variables): string {
  const named = given(variables.HF_HUB_CACHE) ?? given(variables.HUGGINGFACE_HUB_CACHE);
  if (named !== undefined) return path.resolve(expandHome(named));
  const home = given(variables.HF_HOME) ?? path.join(given(variables.XDG_CACHE_HOME) ?? path.join(homedir(), '.cache'), 'huggingface');
  return path.resolve(expandHome(home), 'hub');
}

/** A variable without a value is as good as none. */
function given(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

function isOn(value: string | undefined): boolean {
  return ['1', 'on', 'yes', 'true'].includes(value?.toLowerCase() ?? '');
}
