import * as z from 'zod';
import { errorMessage } from '../base/errorMessage';
import { defaultBeta } from '../core/scores/car';
import { isRuleId } from '../core/record/rules/catalogue';
import { lossPresetIds, parseLossModel, parseRewardModel, precisions } from '../core/scores/scorerSpec';
import { findTrainer } from '../core/trainers/trainers';

/** The `cupel.*` settings as the server reads them. Validated on arrival: a wrong entry is reported by name and its default used. */
const endpointTeacher = z.object({
  kind: z.literal('openai'),
  id: z.string().min(1),
  baseUrl: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1),
  temperature: z.number().min(0).max(2).exactOptional(),
  maxTokens: z.int().min(1).exactOptional(),
  concurrency: z.int().min(1).max(64).exactOptional(),
  timeoutSeconds: z.number().min(1).max(3600).exactOptional(),
  apiKeyEnv: z.string().exactOptional(),
  needsKey: z.boolean().exactOptional(),
});

const fileTeacher = z.object({ kind: z.literal('file'), id: z.string().min(1), path: z.string().min(1) });

export const teacherSchema = z.discriminatedUnion('kind', [endpointTeacher, fileTeacher]);

export const badgeParts = ['length', 'reward', 'ifd', 'car'] as const;
export const tokenizers = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const;

/** What tokens are shaded by: surprise given the instruction, surprise without it, or what the instruction changed. */
export const surpriseModes = ['given', 'alone', 'difference'] as const;
export type SurpriseMode = (typeof surpriseModes)[number];

/** What a rule can be set to. */
export const severityChoices = ['error', 'warning', 'information', 'hint', 'off'] as const;

/** Does `cupel.problems.severity` know this name: a rule, or a trainer's rule or all of them? */
export function namesRule(name: string): boolean {
  const [trainer = '', rule] = name.split('/');
  return rule === undefined ? isRuleId(name) : findTrainer(trainer) !== undefined && /^(?:\*|[a-z-]+)$/.test(rule);
}

/** A model's name; its parser says what is wrong with it. */
function model(parse: (text: string) => unknown) {
  return z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: errorMessage(error) });
    }
  });
}

export const settingsSchema = z.object({
  badge: z.object({
    enabled: z.boolean(),
    parts: z.array(z.enum(badgeParts)),
    length: z.enum(['words', 'tokens', 'chars']),
  }),
  tokenizer: z.enum(tokenizers),
  ifd: z.object({ definition: z.enum(['ppl', 'loss']) }),
  car: z.object({ beta: z.number().min(0), offset: z.union([z.literal('none'), z.literal('min'), z.number()]) }),
  scorer: z.object({ loss: model(parseLossModel), reward: model(parseRewardModel), preset: z.enum(lossPresetIds), precision: z.enum(precisions) }),
  surprise: z.object({ mode: z.enum(surpriseModes) }),
  teachers: z.array(teacherSchema),
  problems: z.object({
    maximumPerRule: z.int().min(1),
    /** By rule id, `trainer/rule` or `trainer/*`; what is absent has the rule's own severity. */
    severity: z.record(z.string(), z.enum(severityChoices)),
    workspace: z.boolean(),
  }),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  badge: { enabled: true, parts: ['length', 'reward', 'ifd', 'car'], length: 'tokens' },
  tokenizer: 'o200k_base',
  ifd: { definition: 'ppl' },
  car: { beta: defaultBeta, offset: 'min' },
  scorer: { loss: 'embedded', reward: 'embedded', preset: 'superfiltering', precision: 'fp32' },
  surprise: { mode: 'given' },
  teachers: [],
  problems: { maximumPerRule: 50, severity: {}, workspace: false },
};
