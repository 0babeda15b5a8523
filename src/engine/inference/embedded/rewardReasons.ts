import type { PromptCues } from './promptCues';
import type { RewardFeature, RewardReading } from './rewardFeatures';

/** Features that see one thing in two ways speak with one voice, so that no two reasons contradict each other. */
export function aspectOf(feature: RewardFeature): RewardFeature {
  if (feature === 'detail') return 'substance';
  if (feature === 'topic') return 'relevance';
  return feature === 'loops' ? 'repetition' : feature;
}

/** Why a feature raised (`effect` > 0) or lowered the reward, in a few words; undefined where there is nothing to tell. */
export function rewardReasonText(feature: RewardFeature, effect: number, reading: RewardReading): string | undefined {
  const raised = effect > 0;
  const { vector } = reading;
  switch (feature) {
    case 'relevance':
    case 'topic':
      if (raised) return 'stays on the subject';
      return vector.coverage === 0 ? noOverlap(reading.cues) : 'drifts from the subject';
    case 'coverage':
      if (raised) return 'takes up what the prompt names';
      return vector.coverage === 0 ? noOverlap(reading.cues) : 'takes up little of the prompt';
    case 'substance':
    case 'detail':
      return lengthText(raised, reading);
    case 'structure':
      return raised ? 'laid out in paragraphs or a list' : undefined;
    case 'missingList':
      return raised ? undefined : 'asked for a list, gives none';
    case 'missingNumber':
      return raised ? undefined : 'asked for a number, gives none';
    case 'missingCode':
      return raised ? undefined : 'asked for code, gives none';
    case 'missingCount':
      return raised ? undefined : 'gives another number of items than asked';
    case 'missingVerse':
      return raised ? undefined : 'asked for verse, gives prose';
    case 'overLimit':
      return raised ? undefined : 'longer than the asked-for limit';
    case 'cutOff':
      if (raised) return 'ends cleanly';
      return vector.cutOff < 0.3 ? undefined : 'breaks off at the end';
    case 'startsClean':
      return raised ? 'starts cleanly' : 'starts in the middle of a sentence';
    case 'repetition':
    case 'loops':
      return raised ? undefined : 'repeats itself';
    case 'garbled':
      return raised ? 'reads fluently' : 'reads like garbled text';
    case 'mojibake':
      return raised ? undefined : 'holds broken characters';
    case 'leak':
      return raised ? undefined : 'holds prompt or template text';
    case 'refusal':
      return raised ? undefined : 'refuses or asks back';
    case 'echo':
      return raised ? undefined : 'mostly repeats the prompt';
    case 'empty':
      return raised ? undefined : 'nearly empty';
  }
}

function noOverlap(cues: PromptCues): string {
  return `no overlap with the ${cues.question ? 'question' : 'prompt'}`;
}

function lengthText(raised: boolean, { words, expectedWords, cues }: RewardReading): string {
  const task = taskName(cues);
  if (raised) return words > 1.2 * expectedWords ? 'detailed' : `long enough for ${task}`;
  if (words > expectedWords) return 'says little for its length';
  return words < 0.15 * expectedWords ? `very short for ${task}` : `short for ${task}`;
}

function taskName(cues: PromptCues): string {
  if (cues.code) return 'a "code" instruction';
  if (cues.create) return 'a "write" instruction';
  if (cues.rewrite) return 'a "rewrite" instruction';
  if (cues.explain) return 'an "explain" instruction';
  if (cues.list) return 'a "list" instruction';
  if (cues.question) return 'a question';
  return cues.classify ? 'a "choose" instruction' : 'this instruction';
}
