import type { Logger } from '../../../base/logger';
import type { TokenLosses } from '../../../core/scores/tokenLosses';
import type { EnginePorts, ScoreItem } from '../../engine';
import type { Backoff } from '../../jobs/retry';
import type { CallLimits } from './scoringEndpoint';

/** A server, or several replicas of it, that measures over a wire. */
export interface RemoteScorer<M> {
  /** As it stands in stored results; known without a call; no host where a model names it. */
  readonly id: string;
  /** A cheap exchange that shows whether scores from here can be trusted; one sentence about the server. Rejects with a ScoringServerError. `measure` does it once before its first batch. */
  probe(signal: AbortSignal): Promise<string>;
  /** Each item once, measured or failed with a reason. Rejects only when nothing can be measured (unreachable, refused by the probe), or with the signal's reason. */
  measure(items: readonly ScoreItem[], signal: AbortSignal): Promise<RemoteBatch<M>>;
  /** Each question may cost money. */
  readonly paid?: boolean;
  readonly tokenLosses?: (item: ScoreItem, signal: AbortSignal) => Promise<TokenLosses>;
}

export interface RemoteBatch<M> {
  readonly measured: ReadonlyMap<string, M>;
  /** Worth another try later; what can never be measured is in `measured` without a value. */
  readonly failed: readonly FailedItem[];
}

export interface FailedItem {
  readonly key: string;
  readonly reason: string;
}

export interface RemoteScorerDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly backoff: Backoff;
  /** For the judge. */
  readonly apiKey: EnginePorts['apiKey'];
  /** The key for a scoring server, from the environment; undefined to send none. */
  readonly serverKey: (baseUrl: string) => string | undefined;
  /** For loss servers that cannot tokenise: the tokenizer of a model by name, undefined when there is none here. */
  readonly localTokenizer?: (model: string) => Promise<LocalTokenizer | undefined>;
  /** Other limits than `defaultCallLimits`. */
  readonly limits?: CallLimits;
}

export interface LocalTokenizer {
  /** No special tokens added. */
  encode(text: string): readonly number[];
  readonly bos?: number;
}
