import type { Call, ServerFacts } from './serverFacts';

/** How one kind of server is asked for log-probabilities of a prompt. Holds no state: an address is asked through `Call`. */
export interface LossWire {
  /** `vLLM`. */
  readonly server: string;
  /** It takes text and no ids, so that its tokenizer may add a BOS unasked. */
  readonly takesText: boolean;
  facts(call: Call): Promise<ServerFacts>;
  /** Undefined where the server has no such path. `special` adds what the tokenizer puts around a text. */
  tokenize(call: Call, text: TextToTokenize): Promise<TokenizedText | undefined>;
  /** Does `tokenize` tell, when asked to, where the tokens stand in the text? */
  readonly placesTokens: boolean;
  /** Ways to ask, the best first: versions differ. */
  readonly ways: readonly LossWay[];
}

export interface TextToTokenize {
  readonly text: string;
  readonly special: boolean;
  readonly model: string | undefined;
  /** The places too. */
  readonly places?: boolean;
}

export interface TokenizedText {
  readonly ids: readonly number[];
  /** UTF-16 [start, end) of each token, where the server tells. */
  readonly ranges?: readonly (readonly [start: number, end: number])[];
}

export interface LossWay {
  /** Tokens of the context that the way itself takes up: 1 where it has to generate one. */
  readonly takes: number;
  logProbs(call: Call, prompt: PromptToScore): Promise<PromptLogProbs>;
}

export interface PromptToScore {
  readonly ids: readonly number[];
  /** The first token whose log-probability is wanted, at least 1. */
  readonly from: number;
  readonly model: string | undefined;
  /** For servers that take no ids: the text of ids[lead..]. */
  readonly text: string;
  /** Leading ids that stand for no text: a BOS that the server adds. */
  readonly lead: number;
}

/** What the server said, in its own order; nothing of it is believed yet. Undefined: no such list in the reply. */
export interface PromptLogProbs {
  readonly logProbs: readonly (number | null)[] | undefined;
  /** The index in `ids` of the first entry. */
  readonly start: number;
  /** The ids that the entries are of, where the server names them. */
  readonly ids?: readonly (number | undefined)[];
  /** Tokens of the prompt by the server's count. */
  readonly promptTokens?: number | undefined;
  /** Prompt tokens that were answered from a cache. */
  readonly cachedTokens?: number | undefined;
}
