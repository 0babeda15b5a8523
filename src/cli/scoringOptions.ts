import { Option, type Command } from 'commander';
import { defaultBeta, type CarOffsetMode } from '../core/scores/car';
import type { LossPresetId } from '../core/scores/presets/preset';
import { lossPresetIds, parseRewardModel, precisions, type Precision } from '../core/scores/scorerSpec';
import type { PaidEstimate } from '../engine/engine';
import { UsageError } from './exit';
import { lossModel, nonNegative, offsetMode, rewardModel, wholeNumber } from './options';
import { findTeacher } from './teacherOption';
import type { SessionOptions } from './session';

/** How records are scored, wherever a command needs their scores. */
export interface ScoringOptions {
  readonly lossModel: string;
  readonly rewardModel: string;
  readonly ifdPreset: LossPresetId;
  readonly precision: Precision;
  readonly beta: number;
  readonly carOffset: CarOffsetMode;
  readonly settings?: string;
  readonly yes?: boolean;
  /** Absent: as many as suit the model and the machine. */
  readonly jobs?: number;
}

/** Adds the options of `ScoringOptions`, and which models score. */
export function addScoringOptions(command: Command): Command {
  return command
    .option('--loss-model <model>', 'what measures losses: embedded, tiny, a folder, a Hugging Face name, or vllm:URL#MODEL, sglang:URL#MODEL, tgi:URL', lossModel, 'embedded')
    .option('--reward-model <model>', 'what measures reward: embedded, a folder, a Hugging Face name, vllm:URL#MODEL, sglang:URL#MODEL, tei:URL, or judge:TEACHER', rewardModel, 'embedded')
    .addOption(new Option('--ifd-preset <name>', 'the published procedure of a checkpoint\'s or server\'s losses').choices(lossPresetIds).default('superfiltering'))
    .addOption(new Option('--precision <name>', 'of a local checkpoint').choices(precisions).default('fp32'))
    .option('--beta <number>', 'β of CAR', nonNegative, defaultBeta)
    .option('--car-offset <mode>', 'none, min or a number: what is added to rewards before CAR', offsetMode, 'min' as const)
    .option('--settings <path>', 'settings file with cupel.teachers, for a judge (default .vscode/settings.json)')
    .option('--yes', 'go ahead with a judge that may cost money')
    .option('--jobs <n>', 'scoring workers (default: what suits the model and the machine)', wholeNumber);
}

/** The part of them that configures an engine; a judge is looked up like a teacher. */
export async function scoringSession(options: ScoringOptions): Promise<SessionOptions> {
  const { lossModel: loss, rewardModel: reward, ifdPreset, precision, jobs } = options;
  const spec = parseRewardModel(reward);
  const judge = spec.kind === 'judge' ? await findTeacher(spec.teacher, options) : undefined;
  return {
    lossModel: loss,
    rewardModel: judge === undefined ? reward : `judge:${judge.id}`,
    ifdPreset,
    precision,
    ...(judge !== undefined && { teachers: [judge] }),
    ...(jobs !== undefined && { jobs }),
  };
}

/** Nothing that may cost money starts without a yes. */
export function confirmPaid({ yes }: ScoringOptions): (estimate: PaidEstimate) => Promise<boolean> {
  return ({ scorer, requests, tokens }) => {
    if (yes) return Promise.resolve(true);
    throw new UsageError(`This asks ${scorer} for ${requests} ratings or more (about ${tokens} tokens of prompts), which may cost money. Add --yes to go ahead.`);
  };
}
