import { promptNlls } from './promptNlls';
import type { LossWay, LossWire, PromptLogProbs, PromptToScore } from './lossWire';
import type { LocalTokenizer, RemoteScorerDeps } from './remoteScorer';
import type { ScoringEndpoint } from './scoringEndpoint';
import { ScoringServerError } from './scoringServerError';
import type { Call, ServerFacts } from './serverFacts';
import { modelToAsk } from './serverModel';

/** Words in their order, and the same words in none: whatever has learned a language finds the first likelier. */
const sensible = 'The capital of France is Paris. It is a large city, and many people live in it.';
const scrambled = 'Paris it many and large is people. France live of It, in The is city a capital.';
/** Ids that every vocabulary has, for a look at a server that has shown no tokenizer. */
const standIns = Array.from({ length: 12 }, (_, i) => 10 + i);
/** Nats a token. Half precision moves a mean by about a hundredth of this from call to call; a stale cache by much more. */
const repeatTolerance = 0.25;

/** A loss server that can be trusted, and how to ask it. */
export interface ProbedLossServer {
  readonly endpoint: ScoringEndpoint;
  readonly way: LossWay;
  readonly facts: ServerFacts;
  /** What requests name, if they name one. */
  readonly model: string | undefined;
  /** Undefined: the server's own. */
  readonly tokenizer: LocalTokenizer | undefined;
  readonly bos: number | undefined;
  /** Every text gets the BOS, asked for or not. */
  readonly addsBos: boolean;
  /** The ids of a known text: replicas of one model agree on them. */
  readonly sample: readonly number[];
  /** Prompt tokens came from a cache when the same text was asked twice. */
  readonly caches: boolean;
}

interface ProbeOptions {
  readonly named: string | undefined;
  readonly localTokenizer: RemoteScorerDeps['localTokenizer'];
  readonly signal: AbortSignal;
}

/**
 * Scores known texts: entries must be as many as tokens and only the first null, the same text must give the same again,
 * and words in order must be likelier than in disorder. Rejects with a ScoringServerError that names the remedy.
 */
export async function probeLossServer(wire: LossWire, endpoint: ScoringEndpoint, { named, localTokenizer, signal }: ProbeOptions): Promise<ProbedLossServer> {
  const call = (path: string, body?: object) => endpoint.call(path, body, signal);
  const facts = await wire.facts(call);
  const model = modelToAsk(endpoint, named, facts);
  const texts = await tokenizedProbe(wire, call, model);
  const local = texts === undefined && model !== undefined ? await localTokenizer?.(model) : undefined;
  signal.throwIfAborted();
  const inOrder = texts?.inOrder ?? local?.encode(sensible);
  const bos = texts === undefined ? local?.bos : texts.bos;
  const prompt = (text: string, ids: readonly number[], before: readonly number[]): PromptToScore => ({ ids: [...before, ...ids], from: before.length + 1, model, text, lead: before.length });

  const { way, before, first } = await findWay(wire, endpoint, { call, bos, prompt: (lead) => prompt(sensible, inOrder ?? standIns, lead) });
  if (inOrder === undefined) {
    throw untrusted(endpoint, `has no /tokenize, and the tokenizer of ${model ?? 'its model'} is not on this machine; update the server, or put the model's tokenizer.json into the Hugging Face cache and name the model.`);
  }
  const again = await way.logProbs(call, prompt(sensible, inOrder, before));
  const drift = Math.abs(mean(endpoint, prompt(sensible, inOrder, before), again) - first);
  if (drift > repeatTolerance) {
    throw untrusted(endpoint, `gave other log-probabilities for the same text when asked again (${drift.toFixed(2)} nats a token apart); start it without a prefix cache (vLLM: --no-enable-prefix-caching).`);
  }
  const disorder = prompt(scrambled, texts?.disorder ?? local?.encode(scrambled) ?? [], before);
  if (mean(endpoint, disorder, await way.logProbs(call, disorder)) <= first) {
    throw untrusted(endpoint, 'finds words in disorder as likely as a sentence, so its log-probabilities are not those of the prompt; check that it serves a language model.');
  }
  return { endpoint, way, facts, model, tokenizer: local, bos, addsBos: before.length > 0, sample: inOrder, caches: (again.cachedTokens ?? 0) > 0 };
}

interface Search {
  readonly call: Call;
  readonly bos: number | undefined;
  /** The known text after these ids. */
  readonly prompt: (before: readonly number[]) => PromptToScore;
}

interface FoundWay {
  readonly way: LossWay;
  /** What the server puts before every text. */
  readonly before: readonly number[];
  /** Nats a token of the known text. */
  readonly first: number;
}

async function findWay(wire: LossWire, endpoint: ScoringEndpoint, { call, bos, prompt }: Search): Promise<FoundWay> {
  const beginnings = wire.takesText && bos !== undefined ? [[], [bos]] : [[]];
  let reason: string | undefined;
  for (const way of wire.ways) {
    for (const before of beginnings) {
      const asked = prompt(before);
      try {
        const nlls = promptNlls(asked, await way.logProbs(call, asked));
        if (nlls.ok) return { way, before, first: meanOf(nlls.value, asked) };
        reason ??= `it ${nlls.reason}`;
      } catch (error) {
        if (!(error instanceof ScoringServerError) || !mayNotKnowTheWay(error)) throw error;
        reason ??= error.message.replace(/\.$/, '');
      }
    }
  }
  throw untrusted(endpoint, `does not give prompt log-probabilities (${reason}); it can still serve as teacher or judge, and losses need a vLLM, SGLang or TGI server.`);
}

/** Some versions of vLLM answer 500 to what they do not know; other failures that may pass say nothing about the way. */
function mayNotKnowTheWay({ kind, verdict, status }: ScoringServerError): boolean {
  return kind === 'failed' && (!verdict.again || status === 500);
}

async function tokenizedProbe(wire: LossWire, call: Call, model: string | undefined) {
  const tokenized = await wire.tokenize(call, { text: sensible, special: false, model });
  if (tokenized === undefined) return undefined;
  const [special, other] = await Promise.all([
    wire.tokenize(call, { text: sensible, special: true, model }),
    wire.tokenize(call, { text: scrambled, special: false, model }),
  ]);
  return { inOrder: tokenized.ids, disorder: other?.ids ?? [], bos: bosOf(tokenized.ids, special?.ids ?? []) };
}

/** What the tokenizer puts before a text, if it puts one token there. */
function bosOf(plain: readonly number[], special: readonly number[]): number | undefined {
  return special.length > plain.length && plain.every((id, i) => id === special[i + 1]) ? special[0] : undefined;
}

function mean(endpoint: ScoringEndpoint, prompt: PromptToScore, reply: PromptLogProbs): number {
  const nlls = promptNlls(prompt, reply);
  if (!nlls.ok) throw untrusted(endpoint, `${nlls.reason}; check its version and its log.`);
  return meanOf(nlls.value, prompt);
}

function meanOf(nlls: Float64Array, { from }: PromptToScore): number {
  return nlls.subarray(from).reduce((sum, nll) => sum + nll, 0) / (nlls.length - from);
}

function untrusted({ url }: ScoringEndpoint, what: string): ScoringServerError {
  return new ScoringServerError('untrusted', `${url} ${what}`);
}
