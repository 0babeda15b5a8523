import type { ScoreId } from './catalogue';

/** What a person and a program need to know about a score; formulas at length and their sources stand in docs/scores.md. */
export interface ScoreDefinition {
  readonly title: string;
  readonly direction: 'higher' | 'lower' | 'neither';
  /** The formula on one line. A is the response, Q all that stands before it, L mean cross-entropy in nats per token. */
  readonly definition: string;
  /** One sentence for a person. */
  readonly meaning: string;
}

export const scoreDefinitions: Readonly<Record<ScoreId, ScoreDefinition>> = {
  'length.words': {
    title: 'Words',
    direction: 'higher',
    definition: 'len(word_tokenize(A)): Punkt sentences, then Treebank words',
    meaning: 'Longer answers tend to teach more: the 1,000 longest of Alpaca beat the whole set.',
  },
  'length.tokens': {
    title: 'Tokens',
    direction: 'neither',
    definition: 'tokens of A under the chosen vocabulary',
    meaning: 'What the response costs to train on and whether it fits the context.',
  },
  'length.chars': {
    title: 'Characters',
    direction: 'neither',
    definition: 'Unicode code points of A',
    meaning: 'The length of the response that no tokenizer has a say in.',
  },
  'ifd.ppl': {
    title: 'IFD',
    direction: 'higher',
    definition: 'exp(L(A|Q) − L(A))',
    meaning: 'How little the instruction helps to predict the response: higher is harder to follow and teaches more, 1 or above means that they do not belong together.',
  },
  'ifd.loss': {
    title: 'IFD (loss ratio)',
    direction: 'higher',
    definition: 'L(A|Q) / L(A)',
    meaning: 'The first definition of IFD, a ratio of losses: it crosses 1 where the other does, but orders records differently below.',
  },
  icIfd: {
    title: 'IC-IFD',
    direction: 'higher',
    definition: 'L(A|Q) / (L(Q) · L(A))',
    meaning: 'IFD that does not reward an instruction for being hard to read itself.',
  },
  reward: {
    title: 'Reward',
    direction: 'higher',
    definition: 'r(Q, A) of the reward model named beside it',
    meaning: 'How good the response is to its instruction, on a scale of the reward model\'s own.',
  },
  car: {
    title: 'CAR',
    direction: 'higher',
    definition: 'r / (1 + β · L(A|Q))',
    meaning: 'Reward weighed by how easily the base model learns the response; per record it extends a score that is published for whole datasets.',
  },
  'loss.cond': {
    title: 'Loss of the response given the prompt',
    direction: 'neither',
    definition: 'L(A|Q)',
    meaning: 'How surprising the response is to the base model once it has read the instruction.',
  },
  'loss.direct': {
    title: 'Loss of the response alone',
    direction: 'neither',
    definition: 'L(A), from its second token on',
    meaning: 'How surprising the response is to the base model without its instruction.',
  },
  'loss.prompt': {
    title: 'Loss of the prompt',
    direction: 'neither',
    definition: 'L(Q)',
    meaning: 'How surprising the instruction itself is to the base model.',
  },
};
