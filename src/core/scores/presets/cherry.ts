import { startsWith, tokenCount } from './tokenIds';
import type { LossPreset, Pass, PassSpan, PromptTexts } from './preset';

const maxTokens = 512;

/** Both end before the newline that the instruction follows, so that their last token is the same before any instruction. */
const headWithInput =
  'Below is an instruction that describes a task, paired with an input that provides further context. ' +
  'Write a response that appropriately completes the request.\n\n### Instruction:';
const headWithoutInput =
  'Below is an instruction that describes a task. ' +
  'Write a response that appropriately completes the request.\n\n### Instruction:';
const responseHeader = '### Response:';

/**
 * Cherry LLM (arXiv 2308.12032; METHODS §2): the Alpaca template, a BOS where the tokenizer puts one, 512 tokens. The
 * unconditional text is the response under its header, the header masked, so that both means run over the same n
 * tokens. L(Q) is over the instruction (and input) where they stand in the template; the released code has none.
 *
 * METHODS skips a record whose prompt and response do not fit together. The released code cuts the response alone to
 * `max_length − tokens(prompt) + 4`, where 4 is the header with BOS under the Llama tokenizer, and skips a record when
 * prompt and cut response still exceed the window. Under a tokenizer with a shorter header that skips what does not
 * fit, as here; under Llama's it scores the cut response.
 */
export const cherry: LossPreset = {
  id: 'cherry',
  template: 'alpaca',
  maxTokens,

  texts(texts) {
    const { head, question, asked, whole, alone } = alpaca(texts);
    return [head, `${head}\n`, question, asked, whole, responseHeader, alone];
  },

  plan(texts, tokens, { contextLength, bos }) {
    const limit = Math.min(maxTokens, contextLength);
    const begin = bos === undefined ? [] : [bos];
    const lead = begin.length;
    const { head, question, asked, whole, alone } = alpaca(texts);
    const joint = [...begin, ...tokens(whole)];
    const direct = [...begin, ...tokens(alone)];
    const start = lead + tokens(asked).length;
    const header = lead + tokens(responseHeader).length;

    const skipped = whySkipped({ response: texts.response, start, joint: joint.length, header, direct: direct.length, limit });
    if (skipped !== undefined) return { passes: [], reason: `skipped: ${skipped}` };

    const stem = [...begin, ...tokens(head)];
    const sharedBy = (ids: readonly number[]) => (startsWith(ids, stem) ? stem.length : 0);
    const spans: PassSpan[] = [{ part: 'cond', from: start, to: joint.length }];
    const passes: Pass[] = [
      { ids: joint, spans, shared: sharedBy(joint), text: whole, lead },
      { ids: direct, spans: [{ part: 'direct', from: header, to: direct.length }], shared: 0, text: alone, lead },
    ];

    const asks = [...begin, ...tokens(question)];
    const prompt: PassSpan = { part: 'prompt', from: lead + tokens(`${head}\n`).length, to: asks.length };
    if (prompt.from >= prompt.to) return { passes, reason: tokenCount('prompt', 0) };
    if (startsWith(joint, asks)) spans.push(prompt);
    else passes.push({ ids: asks, spans: [prompt], shared: sharedBy(asks), text: question, lead });
    return { passes };
  },
};

/** The texts of the template, each the beginning of the next but `alone`. */
function alpaca({ prompt, input, response }: PromptTexts) {
  const parts = instructionAndInput(prompt, input);
  const head = parts.input === '' ? headWithoutInput : headWithInput;
  const question = `${head}\n${parts.instruction}${parts.input === '' ? '' : `\n\n### Input:\n${parts.input}`}`;
  const asked = `${question}\n\n${responseHeader}`;
  return { head, question, asked, whole: asked + response, alone: responseHeader + response };
}

/** A system text and earlier turns belong to the instruction. */
function instructionAndInput(prompt: string, input = ''): { readonly instruction: string; readonly input: string } {
  if (input === '') return { instruction: prompt, input };
  if (prompt === input) return { instruction: '', input };
  return prompt.endsWith(`\n${input}`) ? { instruction: prompt.slice(0, -input.length - 1), input } : { instruction: prompt, input: '' };
}

/** Token counts with the BOS: before the response and of the whole, of the header and of the header with the response. */
interface Counts {
  readonly response: string;
  readonly start: number;
  readonly joint: number;
  readonly header: number;
  readonly direct: number;
  readonly limit: number;
}

function whySkipped({ response, start, joint, header, direct, limit }: Counts): string | undefined {
  if (response === '') return tokenCount('response', 0);
  if (start >= limit) return `the prompt fills the window of ${limit} tokens`;
  if (joint > limit || direct > limit) return `prompt and response have ${joint} tokens, the window holds ${limit}`;
  if (joint <= start || direct <= header) return 'the response has no token of its own after the prompt';
  return undefined;
}
