import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { errorMessage } from '../../../base/errorMessage';
import { CheckpointError } from './checkpointError';
import { type BpeConfig, MergeRules } from './mergeRules';
import { portablePreTokenizer } from './preTokenizer';
import { readTokenizerFiles, type TokenizerConfig, type TokenizerDefinition, type TokenizerFiles } from './tokenizerFiles';
import { alignTokens } from './tokenOffsets';

/** The tokenizer of a checkpoint. No token is ever added, and special tokens in a text are read as the characters they are. */
export interface CheckpointTokenizer {
  /** A lone surrogate counts as U+FFFD. */
  encode(text: string): readonly number[];
  /** UTF-16 [start, end) of each token; tokens that share a character have the same range. */
  encodeWithOffsets(text: string): { readonly ids: readonly number[]; readonly offsets: readonly (readonly [number, number])[] };
  /** One more than the highest id, added tokens included. */
  readonly vocabularySize: number;
  /** What the model's own tokenizer puts before every text, if it does. */
  readonly bos?: number;
  /** Special tokens by their text, which `encode` never gives: only a template may write them. */
  readonly special: ReadonlyMap<string, number>;
}

/** Rejects with `CheckpointError`. */
export async function loadCheckpointTokenizer(folder: string): Promise<CheckpointTokenizer> {
  const files = await readTokenizerFiles(folder);
  try {
    return new LibraryTokenizer(files);
  } catch (error) {
    throw error instanceof CheckpointError ? error : new CheckpointError(`${files.file} cannot be used (${errorMessage(error)}); fetch it again, or use a model with another tokenizer.`);
  }
}

class LibraryTokenizer implements CheckpointTokenizer {
  readonly vocabularySize: number;
  readonly bos?: number;
  readonly special: ReadonlyMap<string, number>;
  readonly #file: string;
  readonly #tokenizer: Tokenizer;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #unknown: number | undefined;
  /** Contents of added tokens that are text and therefore recognised in one. */
  readonly #verbatim: ReadonlySet<string>;
  readonly #byteLevel: boolean;

  constructor({ file, definition, config, vocabulary }: TokenizerFiles) {
    const { ids } = vocabulary;
    this.#file = file;
    this.#ids = ids;
    this.vocabularySize = 1 + [...ids.values()].reduce((most, id) => Math.max(most, id), 0);
    const bos = bosOf(definition, config, ids);
    if (bos !== undefined) this.bos = bos;
    this.special = new Map((definition.added_tokens ?? []).flatMap(({ content, id, special }) => (special === true ? [[content, id] as const] : [])));

    const added = (definition.added_tokens ?? []).filter(({ special }) => special !== true);
    this.#verbatim = new Set(added.map(({ content }) => content));
    const preTokenizer = portablePreTokenizer(definition.pre_tokenizer ?? null, file);
    this.#byteLevel = preTokenizer.byteLevel;
    const { unk_token: unknown, fuse_unk: fuse, byte_fallback: bytes, ignore_merges: whole } = definition.model;
    const model: BpeConfig = { type: 'BPE', unk_token: unknown ?? null, fuse_unk: fuse ?? false, byte_fallback: bytes ?? false, ignore_merges: whole ?? false, vocab: vocabulary.model, merges: [] };
    this.#tokenizer = new Tokenizer({ normalizer: definition.normalizer ?? null, pre_tokenizer: preTokenizer.config, post_processor: null, decoder: null, model, added_tokens: added }, {});
    this.#tokenizer.model = new MergeRules(model, vocabulary.merges, this.#byteLevel);
    this.#unknown = typeof unknown === 'string' ? ids.get(unknown) : undefined;
  }

  encode(text: string): readonly number[] {
    return this.#idsOf(this.#tokenizer.tokenize(wellFormed(text)));
  }

  encodeWithOffsets(text: string): { readonly ids: readonly number[]; readonly offsets: readonly (readonly [number, number])[] } {
    const plain = wellFormed(text);
    const tokens = this.#tokenizer.tokenize(plain);
    const offsets = alignTokens(plain, tokens, { byteLevel: this.#byteLevel, verbatim: this.#verbatim });
    if (offsets === undefined) throw new CheckpointError(`The tokenizer of ${this.#file} changes the text, so its tokens have no place in it.`);
    return { ids: this.#idsOf(tokens), offsets };
  }

  #idsOf(tokens: readonly string[]): readonly number[] {
    return tokens.map((token) => {
      const id = this.#ids.get(token) ?? this.#unknown;
      if (id === undefined) throw new CheckpointError(`${this.#file} has no id for the token ${JSON.stringify(token)}; fetch it again.`);
      return id;
    });
  }
}

/** UTF-8 has no lone surrogates; U+FFFD is as long in UTF-16. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

const specialTokenSchema = z.object({ SpecialToken: z.looseObject({ id: z.string() }) });

/** What the post-processor puts first, or what `add_bos_token` asks for. A `bos_token` alone is not put anywhere. */
function bosOf({ post_processor: processor }: TokenizerDefinition, config: TokenizerConfig, ids: ReadonlyMap<string, number>): number | undefined {
  if (config.add_bos_token === false) return undefined;
  const name = firstSpecialToken(processor) ?? (config.add_bos_token === true ? config.bos_token : undefined);
  return typeof name === 'string' ? ids.get(name) : undefined;
}

function firstSpecialToken(processor: unknown): string | undefined {
  if (typeof processor !== 'object' || processor === null) return undefined;
  if ('processors' in processor && Array.isArray(processor.processors)) {
    for (const part of processor.processors as readonly unknown[]) {
      const found = firstSpecialToken(part);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!('single' in processor) || !Array.isArray(processor.single)) return undefined;
  const first = specialTokenSchema.safeParse(processor.single[0]);
  return first.success ? first.data.SpecialToken.id : undefined;
}
