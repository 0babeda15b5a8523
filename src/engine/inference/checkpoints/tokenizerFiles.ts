import path from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../../../base/errorMessage';
import { readJson, readWhole } from './boundedRead';
import { CheckpointError } from './checkpointError';

/** The largest known tokenizer.json (a vocabulary of 262,144) has 34 MB. */
const tokenizerBytes = 96 * 2 ** 20;
const vocabularyBytes = 32 * 2 ** 20;
const configBytes = 4 * 2 ** 20;
/** Ids beyond this are no vocabulary but a damaged file. */
const highestId = 2 ** 24;

const idSchema = z.int().min(0).max(highestId);
const idsSchema = z.record(z.string(), idSchema);

const addedTokenSchema = z.looseObject({ id: idSchema, content: z.string().min(1), special: z.boolean().optional() });

const componentSchema = z.looseObject({ type: z.string() });

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).optional(),
  normalizer: componentSchema.nullish(),
  pre_tokenizer: componentSchema.nullish(),
  post_processor: componentSchema.nullish(),
  decoder: componentSchema.nullish(),
  model: z.looseObject({
    // Files from before the field hold BPE.
    type: z.string().default('BPE'),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
    unk_token: z.string().nullish(),
    fuse_unk: z.boolean().nullish(),
    byte_fallback: z.boolean().nullish(),
    ignore_merges: z.boolean().nullish(),
    vocab: z.unknown(),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).optional(),
  }),
});

const namedTokenSchema = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);

const configSchema = z.looseObject({
  tokenizer_class: z.string().nullish(),
  add_bos_token: z.boolean().nullish(),
  add_prefix_space: z.boolean().nullish(),
  bos_token: namedTokenSchema.nullish(),
});

export type TokenizerDefinition = z.infer<typeof tokenizerSchema>;
export type TokenizerConfig = z.infer<typeof configSchema>;

/** What a folder says about its tokenizer, checked. */
export interface TokenizerFiles {
  /** That errors about the vocabulary name. */
  readonly file: string;
  readonly definition: TokenizerDefinition;
  readonly config: TokenizerConfig;
  readonly vocabulary: Vocabulary;
}

export interface Vocabulary {
  /** Of every token, those included that were added to the model's. */
  readonly ids: ReadonlyMap<string, number>;
  readonly model: Record<string, number>;
  /** First the one that applies first. */
  readonly merges: readonly (readonly [left: string, right: string])[];
}

/** From tokenizer.json, or from vocab.json and merges.txt in GPT-2's form. Rejects with `CheckpointError`. */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const config = check(configSchema, (await readJson(path.join(folder, 'tokenizer_config.json'), configBytes)) ?? {}, path.join(folder, 'tokenizer_config.json'));
  const file = path.join(folder, 'tokenizer.json');
  const json = await readJson(file, tokenizerBytes);
  if (json !== undefined) {
    const definition = check(tokenizerSchema, json, file);
    return { file, definition, config, vocabulary: vocabularyOf(definition, file) };
  }
  const definition = await readGpt2Files(folder, config);
  const vocabFile = path.join(folder, 'vocab.json');
  return { file: vocabFile, definition, config, vocabulary: vocabularyOf(definition, vocabFile) };
}

/** GPT-2's byte-level BPE is the only form whose other rules are known without a tokenizer.json. */
async function readGpt2Files(folder: string, config: TokenizerConfig): Promise<TokenizerDefinition> {
  const file = path.join(folder, 'vocab.json');
  const mergesFile = path.join(folder, 'merges.txt');
  const vocab = await readJson(file, vocabularyBytes);
  const merges = (await readWhole(mergesFile, vocabularyBytes))?.toString('utf8');
  if (vocab === undefined || merges === undefined) {
    throw new CheckpointError(`${folder} holds neither tokenizer.json nor both vocab.json and merges.txt; fetch the model's tokenizer files.`);
  }
  const kind = config.tokenizer_class ?? (await modelType(folder));
  if (kind !== undefined && !/^gpt2(?:tokenizer(?:fast)?)?$/iu.test(kind)) {
    throw new CheckpointError(`${folder} holds the vocabulary of a ${kind} without its rules; fetch the model's tokenizer.json too.`);
  }
  const byteLevel = { type: 'ByteLevel', add_prefix_space: config.add_prefix_space ?? false, trim_offsets: true, use_regex: true };
  return {
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: { type: 'BPE', vocab, merges: mergeRules(merges, mergesFile) },
  };
}

async function modelType(folder: string): Promise<string | undefined> {
  const parsed = z.looseObject({ model_type: z.string() }).safeParse(await readJson(path.join(folder, 'config.json'), configBytes));
  return parsed.success ? parsed.data.model_type : undefined;
}

function mergeRules(text: string, file: string): [string, string][] {
  return text.split('\n').flatMap((line, i): [string, string][] => {
    const rule = line.trimEnd();
    if (rule === '' || (i === 0 && rule.startsWith('#version'))) return [];
    const [left, right, ...more] = rule.split(' ');
    if (left === undefined || right === undefined || left === '' || right === '' || more.length > 0) {
      throw new CheckpointError(`${file} line ${i + 1} is not two tokens; fetch it again.`);
    }
    return [[left, right]];
  });
}

/** Throws on ids that are none, on merges of tokens that there are not, and on kinds that are not read. */
function vocabularyOf({ model, added_tokens = [] }: TokenizerDefinition, file: string): Vocabulary {
  const { type, vocab, continuing_subword_prefix: prefix, end_of_word_suffix: suffix } = model;
  if (type !== 'BPE' || (prefix ?? '') !== '' || (suffix ?? '') !== '') {
    throw new CheckpointError(`${file} is of the kind ${type}${type === 'BPE' ? ' with marked word pieces' : ''}, Cupel reads plain BPE; use a model with such a tokenizer.`);
  }
  const known = idsSchema.safeParse(vocab);
  if (!known.success) throw new CheckpointError(whyNoVocabulary(known.error.issues[0], file));
  const ids = new Map(Object.entries(known.data));
  if (ids.size === 0) throw new CheckpointError(`${file} has an empty vocabulary; fetch it again.`);
  const merges = (model.merges ?? []).map((rule) => (typeof rule === 'string' ? splitRule(rule) : rule));
  for (const [left, right] of merges) {
    if (!ids.has(left) || !ids.has(right) || !ids.has(left + right)) {
      throw new CheckpointError(`${file} merges ${JSON.stringify(left)} and ${JSON.stringify(right)}, which are not all in its vocabulary; fetch the tokenizer files again.`);
    }
  }
  for (const { content, id } of added_tokens) ids.set(content, id);
  return { ids, model: known.data, merges };
}

function whyNoVocabulary(issue: z.core.$ZodIssue | undefined, file: string): string {
  const token = issue?.path[0];
  return token === undefined ? `${file} has no vocabulary; fetch it again.` : `${file} gives the token ${JSON.stringify(token)} an id that is none; fetch it again.`;
}

function splitRule(rule: string): readonly [string, string] {
  const space = rule.indexOf(' ');
  return [rule.slice(0, Math.max(0, space)), rule.slice(space + 1)];
}

function check<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
  throw new CheckpointError(`${file} is not in the form of its kind${place} (${issue?.message ?? errorMessage(checked.error)}); fetch it again.`);
}
