import { z } from 'zod';
import { CheckpointError } from './checkpointError';

/** GPT-2's split, as `ByteLevel` has it built in. */
const gpt2Split = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const byteLevelSchema = z.looseObject({ add_prefix_space: z.boolean().optional(), use_regex: z.boolean().optional() });
const splitSchema = z.looseObject({ behavior: z.string() });
const digitsSchema = z.looseObject({ individual_digits: z.boolean().optional() });
const metaspaceSchema = z.looseObject({ replacement: z.string().length(1).default('▁'), split: z.boolean().optional(), prepend_scheme: z.string().optional(), add_prefix_space: z.boolean().optional() });
const sequenceSchema = z.looseObject({ pretokenizers: z.array(z.unknown()) });
const typedSchema = z.looseObject({ type: z.string() });

export interface PreTokenizer {
  /** For the tokenizer library, which runs it as the reference runs `config`. */
  readonly config: object | null;
  /** The pieces are then written as GPT-2's characters for their bytes. */
  readonly byteLevel: boolean;
}

/**
 * The library's own pre-tokenizers differ from the reference where JavaScript's `\s` and `\d` do (U+0085, U+FEFF, digits
 * beyond ASCII), so what they would cut is cut by a `Split`, whose patterns the library translates. A kind that it would
 * run otherwise than the reference is refused with a `CheckpointError`.
 */
export function portablePreTokenizer(config: unknown, file: string): PreTokenizer {
  if (config === null) return { config, byteLevel: false };
  const steps: object[] = [];
  let byteLevel = false;
  const refuse = (kind: string): never => {
    throw new CheckpointError(`${file} uses the pre-tokenizer ${kind}, which Cupel does not run as its reference does; use a model with another tokenizer.`);
  };
  const visit = (step: unknown): void => {
    const { type } = typedSchema.parse(step);
    if (type === 'Sequence') {
      sequenceSchema.parse(step).pretokenizers.forEach(visit);
    } else if (byteLevel) {
      refuse(`${type} after ByteLevel`);
    } else if (type === 'ByteLevel') {
      byteLevel = true;
      const { add_prefix_space: prefix = true, use_regex: splits = true } = byteLevelSchema.parse(step);
      if (prefix) steps.push({ type: 'Replace', pattern: { Regex: String.raw`\A(?! )` }, content: ' ' });
      if (splits) steps.push(isolated(gpt2Split));
    } else if (type === 'Split') {
      const split = splitSchema.parse(step);
      // Isolated pieces are all kept, the matched and the others, so that inverting changes nothing.
      if (split.behavior === 'Isolated') steps.push({ ...split, invert: false });
      else if (split.behavior === 'Removed') steps.push(split);
      else refuse(`Split (${split.behavior})`);
    } else if (type === 'Digits') {
      steps.push(isolated(digitsSchema.parse(step).individual_digits === true ? String.raw`\p{N}` : String.raw`\p{N}+`));
    } else if (type === 'Metaspace') {
      const { replacement, split = true, prepend_scheme: scheme, add_prefix_space: prefix = true } = metaspaceSchema.parse(step);
      steps.push({ type, replacement, prepend_scheme: scheme ?? (prefix ? 'always' : 'never') });
      if (split) steps.push(isolated(`[${replacement}][^${replacement}]*`));
    } else {
      refuse(type);
    }
  };
  visit(config);
  return { config: { type: 'Sequence', pretokenizers: steps }, byteLevel };
}

function isolated(regex: string): object {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}
