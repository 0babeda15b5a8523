import { z } from 'zod';

/** How the rotary frequencies differ from θ^(−2i/d). */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | { readonly kind: 'llama3'; readonly factor: number; readonly lowFrequency: number; readonly highFrequency: number; readonly originalContext: number };

const positive = z.number().positive().max(1e12);
const typed = z.object({ rope_type: z.string().optional(), type: z.string().optional(), rope_theta: positive.optional(), partial_rotary_factor: z.number().optional() });
const linearSchema = z.object({ factor: positive });
const llama3Schema = z.object({ factor: positive, low_freq_factor: positive, high_freq_factor: positive, original_max_position_embeddings: positive });

/** Both spellings: `rope_theta` with `rope_scaling`, and `rope_parameters` which holds both. */
export const ropeFields = { rope_theta: positive.nullish(), rope_scaling: typed.loose().nullish(), rope_parameters: typed.loose().nullish(), partial_rotary_factor: z.number().nullish() };
type RopeFields = { readonly [Field in keyof typeof ropeFields]: z.infer<(typeof ropeFields)[Field]> };

/** The rotary settings of a config, or why they cannot be followed. */
export function readRope(config: Partial<RopeFields>): { readonly theta: number; readonly scaling: RopeScaling } | string {
  const given = config.rope_parameters ?? config.rope_scaling ?? {};
  const theta = config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000;
  if ((given.partial_rotary_factor ?? config.partial_rotary_factor ?? 1) !== 1) return 'rotates only a part of each head';
  const type = given.rope_type ?? given.type ?? 'default';
  if (type === 'default') return { theta, scaling: { kind: 'none' } };
  if (type === 'linear') {
    const linear = linearSchema.safeParse(given);
    return linear.success ? { theta, scaling: { kind: 'linear', factor: linear.data.factor } } : 'has rotary scaling "linear" without its factor';
  }
  if (type !== 'llama3') return `has the rotary scaling "${type.slice(0, 40)}" (default, linear and llama3 are supported)`;
  const llama3 = llama3Schema.safeParse(given);
  if (!llama3.success || llama3.data.high_freq_factor === llama3.data.low_freq_factor) return 'has rotary scaling "llama3" without its four numbers';
  return {
    theta,
    scaling: {
      kind: 'llama3',
      factor: llama3.data.factor,
      lowFrequency: llama3.data.low_freq_factor,
      highFrequency: llama3.data.high_freq_factor,
      originalContext: llama3.data.original_max_position_embeddings,
    },
  };
}
