import type { ScoreId } from './catalogue';

/** What a person and a program need to know about a score; the formulas at length stand in docs/scores.md. */
export interface ScoreDefinition {
  readonly title: string;
  /** The few letters before the number in a badge; the unit follows the number where there is one. */
  readonly label: string;
  /** Empty for a plain number. */
  readonly unit: string;
  readonly direction: 'higher' | 'lower' | 'neither';
  /** The formula on one line. A is the response, Q all that stands before it, L mean cross-entropy in nats per token. */
  readonly definition: string;
  /** One sentence for a person. */
  readonly meaning: string;
  /** Where the definition comes from. */
  readonly source: string;
  /** Which measurements it follows from. */
  readonly needs: readonly ('length' | 'loss' | 'reward')[];
}

export const scoreDefinitions: Readonly<Record<ScoreId, ScoreDefinition>> = {
  'length.words': {
    title: 'Words',
    label: '',
    unit: 'w',
    direction: 'higher',
    definition: 'len(word_tokenize(A)): Punkt sentences, then Treebank words',
    meaning: 'Longer answers tend to teach more: the 1,000 longest of Alpaca beat the whole set.',
    source: 'Long Is More for Alignment, arXiv 2402.04833',
    needs: ['length'],
  },
  'length.tokens': {
    title: 'Tokens',
    label: '',
    unit: 't',
    direction: 'neither',
    definition: 'tokens of A under the chosen vocabulary',
    meaning: 'What the response costs to train on and whether it fits the context.',
    source: 'the tokenizer named beside it',
    needs: ['length'],
  },
  'length.chars': {
    title: 'Characters',
    label: '',
    unit: 'c',
    direction: 'neither',
    definition: 'Unicode code points of A',
    meaning: 'The length of the response that no tokenizer has a say in.',
    source: 'Unicode',
    needs: ['length'],
  },
  'ifd.ppl': {
    title: 'IFD',
    label: 'ifd',
    unit: '',
    direction: 'higher',
    definition: 'exp(L(A|Q) − L(A))',
    meaning: 'How little the instruction helps to predict the response: higher is harder to follow and teaches more, 1 or above means that they do not belong together.',
    source: 'Superfiltering, arXiv 2402.00530',
    needs: ['loss'],
  },
  'ifd.loss': {
    title: 'IFD (loss ratio)',
    label: 'ifd·loss',
    unit: '',
    direction: 'higher',
    definition: 'L(A|Q) / L(A)',
    meaning: 'The first definition of IFD, a ratio of losses: it crosses 1 where the other does, but orders records differently below.',
    source: 'Cherry LLM, arXiv 2308.12032',
    needs: ['loss'],
  },
  icIfd: {
    title: 'IC-IFD',
    label: 'icifd',
    unit: '',
    direction: 'higher',
    definition: 'L(A|Q) / (L(Q) · L(A))',
    meaning: 'IFD that does not reward an instruction for being hard to read itself.',
    source: 'Smaller Language Models Are Better Instruction Evolvers, arXiv 2412.11231',
    needs: ['loss'],
  },
  reward: {
    title: 'Reward',
    label: 'r',
    unit: '',
    direction: 'higher',
    definition: 'r(Q, A) of the reward model named beside it',
    meaning: 'How good the response is to its instruction, on a scale of the reward model\'s own.',
    source: 'the reward model named beside it',
    needs: ['reward'],
  },
  car: {
    title: 'CAR',
    label: 'car',
    unit: '',
    direction: 'higher',
    definition: 'r / (1 + β · L(A|Q))',
    meaning: 'Reward weighed by how easily the base model learns the response; per record it extends a score that is published for whole datasets.',
    source: 'Stronger Models are NOT Stronger Teachers, arXiv 2411.07133',
    needs: ['loss', 'reward'],
  },
  'loss.cond': {
    title: 'Loss of the response given the prompt',
    label: 'L(A|Q)',
    unit: 'nats/token',
    direction: 'neither',
    definition: 'L(A|Q)',
    meaning: 'How surprising the response is to the base model once it has read the instruction.',
    source: 'cross-entropy of the loss model named beside it',
    needs: ['loss'],
  },
  'loss.direct': {
    title: 'Loss of the response alone',
    label: 'L(A)',
    unit: 'nats/token',
    direction: 'neither',
    definition: 'L(A), from its second token on',
    meaning: 'How surprising the response is to the base model without its instruction.',
    source: 'cross-entropy of the loss model named beside it',
    needs: ['loss'],
  },
  'loss.prompt': {
    title: 'Loss of the prompt',
    label: 'L(Q)',
    unit: 'nats/token',
    direction: 'neither',
    definition: 'L(Q)',
    meaning: 'How surprising the instruction itself is to the base model.',
    source: 'cross-entropy of the loss model named beside it',
    needs: ['loss'],
  },
};
