import type { Command } from 'commander';
import { defaultBeta, type CarOffsetMode } from '../core/scores/car';
import { embeddedOnly, nonNegative, offsetMode, wholeNumber } from './options';

/** How records are scored, wherever a command needs their scores. */
export interface ScoringOptions {
  readonly beta: number;
  readonly carOffset: CarOffsetMode;
  readonly jobs: number;
}

/** Adds the options of `ScoringOptions`, and which models score. */
export function addScoringOptions(command: Command): Command {
  return command
    .option('--loss-model <model>', 'what measures losses', embeddedOnly, 'embedded')
    .option('--reward-model <model>', 'what measures reward', embeddedOnly, 'embedded')
    .option('--beta <number>', 'β of CAR', nonNegative, defaultBeta)
    .option('--car-offset <mode>', 'none, min or a number: what is added to rewards before CAR', offsetMode, 'min' as const)
    .option('--jobs <n>', 'scoring workers', wholeNumber, 1);
}
