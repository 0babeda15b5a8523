import { startsWith, tokenCount } from './tokenIds';
import type { LossPreset, Pass, PassSpan } from './preset';

const maxTokens = 1024;

/**
 * Superfiltering (arXiv 2402.00530; METHODS §2): plain text, no BOS, 1024 tokens. L(A|Q) is the mean over all n response
 * tokens, L(A) over tokens 2..n: that asymmetry belongs to the reference.
 *
 * The reference looks for the last occurrence of the output in the whole text. The text ends with the output, so that
 * is always its end, also where the prompt holds the same words.
 */
export const superfiltering: LossPreset = {
  id: 'superfiltering',
  template: 'plain',
  maxTokens,

  texts({ prompt, response }) {
    const asked = `${prompt}\n`;
    return [asked, response, asked + response, prompt];
  },

  plan({ prompt, response }, tokens, { contextLength }) {
    const limit = Math.min(maxTokens, contextLength);
    const asked = `${prompt}\n`;
    const whole = asked + response;
    const alone = tokens(response);
    const instruction = tokens(prompt).slice(0, limit);
    const joint = tokens(whole).slice(0, limit);
    // The response starts at the count of the tokens before it, even where joint tokenisation merges across the joint.
    const start = tokens(asked).length;

    const passes: Pass[] = [];
    const fromWhole: PassSpan[] = [];
    if (start < joint.length && alone.length > 0) fromWhole.push({ part: 'cond', from: start, to: joint.length });
    if (fromWhole.length > 0 && instruction.length > 1 && startsWith(joint, instruction)) {
      fromWhole.push({ part: 'prompt', from: 1, to: instruction.length });
    }
    if (fromWhole.length > 0) passes.push({ ids: joint, spans: fromWhole, shared: 0, text: whole, lead: 0 });

    const cut = alone.slice(0, Math.max(0, limit - start + 1));
    if (cut.length > 1) {
      passes.push({ ids: cut, spans: [{ part: 'direct', from: 1, to: cut.length }], shared: 0, text: response, lead: 0 });
    }
    if (fromWhole.length < 2 && instruction.length > 1) {
      passes.push({ ids: instruction, spans: [{ part: 'prompt', from: 1, to: instruction.length }], shared: 0, text: prompt, lead: 0 });
    }

    const reason = whyAbsent({ alone: alone.length, start, limit, joint: joint.length, instruction: instruction.length });
    return reason === undefined ? { passes } : { passes, reason };
  },
};

/** Token counts of the response alone, before the response, the window, the whole after the cut, and the instruction. */
interface Counts {
  readonly alone: number;
  readonly start: number;
  readonly limit: number;
  readonly joint: number;
  readonly instruction: number;
}

function whyAbsent({ alone, start, limit, joint, instruction }: Counts): string | undefined {
  if (alone === 0) return tokenCount('response', 0);
  if (start >= limit) return `the prompt fills the window of ${limit} tokens`;
  if (start >= joint) return 'the response has no token of its own after the prompt';
  if (alone === 1) return tokenCount('response', 1);
  return instruction < 2 ? tokenCount('prompt', instruction) : undefined;
}
