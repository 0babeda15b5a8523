/** Models that moved into an organisation; both names are in use and mean the same weights. */
const moved: readonly (readonly [name: string, movedTo: string])[] = [
  ['gpt2', 'openai-community/gpt2'],
  ['gpt2-medium', 'openai-community/gpt2-medium'],
  ['gpt2-large', 'openai-community/gpt2-large'],
  ['gpt2-xl', 'openai-community/gpt2-xl'],
  ['distilgpt2', 'distilbert/distilgpt2'],
];

/**
 * Whether a text can name a model on the hub: `gpt2`, `Qwen/Qwen2.5-0.5B`. The rules are those of `validate_repo_id` in
 * huggingface_hub; with them a name is also safe as a part of a path.
 */
export function isHubName(text: string): boolean {
  return text.length <= 96 && /^([\w.-]+\/)?[\w.-]+$/.test(text) && text.split('/').every((part) => /^\w(.*\w)?$/.test(part)) && !/--|\.\./.test(text) && !text.endsWith('.git');
}

/** The name that scores are stored under: one for a model with two. */
export function modelName(hubName: string): string {
  return moved.find(([, movedTo]) => movedTo === hubName)?.[0] ?? hubName;
}

/** The name itself, then the other one of a model with two. */
export function hubNames(hubName: string): readonly string[] {
  const pair = moved.find((names) => names.includes(hubName));
  return pair === undefined ? [hubName] : [hubName, ...pair.filter((name) => name !== hubName)];
}

/** A model's folder in the Hugging Face cache: `models--Qwen--Qwen2.5-0.5B`. */
export function cacheFolderName(hubName: string): string {
  return ['models', ...hubName.split('/')].join('--');
}

/** The hub name that a folder of the cache stands for; undefined for folders of other kinds. */
export function hubNameOfCacheFolder(folderName: string): string | undefined {
  const [kind, ...parts] = folderName.split('--');
  const name = parts.join('/');
  return kind === 'models' && isHubName(name) ? name : undefined;
}
