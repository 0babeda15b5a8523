import type { RewardWay, RewardWire } from './rewardWire';
import type { ScoringEndpoint } from './scoringEndpoint';
import { ScoringServerError } from './scoringServerError';
import type { ServerFacts } from './serverFacts';
import { modelToAsk } from './serverModel';

const prompt = 'What is the capital of France?';
const answer = 'The capital of France is Paris.';
const nonsense = 'Bananas.';

/** A reward server that can be trusted, and how to ask it. */
export interface ProbedRewardServer {
  readonly endpoint: ScoringEndpoint;
  readonly way: RewardWay;
  readonly facts: ServerFacts;
  readonly model: string | undefined;
  /** Nothing that replicas would have to agree on to the last bit. */
  readonly sample: readonly number[];
}

/** Rewards two known answers: one finite value each, and not the same for both. Rejects with a ScoringServerError that names the remedy. */
export async function probeRewardServer(
  wire: RewardWire,
  endpoint: ScoringEndpoint,
  { named, signal }: { readonly named: string | undefined; readonly signal: AbortSignal },
): Promise<ProbedRewardServer> {
  const facts = await wire.facts((path, body) => endpoint.call(path, body, signal));
  const model = modelToAsk(endpoint, named, facts);
  let reason: ScoringServerError | undefined;
  for (const way of wire.ways) {
    const server: ProbedRewardServer = { endpoint, way, facts, model, sample: [] };
    try {
      const right = await rewardOf(server, { prompt, response: answer }, signal);
      const wrong = await rewardOf(server, { prompt, response: nonsense }, signal);
      if (right.value !== undefined && right.value === wrong.value) {
        throw new ScoringServerError('untrusted', `${endpoint.url} gives ${right.value} to a right and to a senseless answer alike; check that it serves a reward model without an activation on top.`);
      }
      return server;
    } catch (error) {
      if (!(error instanceof ScoringServerError) || error.kind !== 'failed' || error.verdict.again) throw error;
      reason ??= error;
    }
  }
  throw new ScoringServerError('untrusted', `${endpoint.url} gives no rewards (${reason?.message.replace(/\.$/, '') ?? 'no way to ask'}); serve a reward model with one label there, or choose another.`);
}

/** One exchange's reward. Rejects with a ScoringServerError. */
export async function rewardOf(
  { endpoint, way, model }: ProbedRewardServer,
  exchange: { readonly prompt: string; readonly response: string },
  signal: AbortSignal,
): Promise<{ readonly value: number } | { readonly value?: never; readonly reason: string }> {
  const reply = await way.reward((path, body) => endpoint.call(path, body, signal), { ...exchange, model });
  if (reply.kind === 'undefined') return { reason: reply.reason };
  if (reply.kind === 'unreadable') throw failed(endpoint, 'answered with something else than a reward; check its version and that it serves a reward model.');
  const [value, ...others] = reply.values;
  if (others.length > 0) {
    throw new ScoringServerError('untrusted', `${endpoint.url} gives ${reply.values.length} values for one text where a reward model gives one; serve a model with a single label there.`);
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) throw failed(endpoint, `gave ${value === null ? 'null' : typeof value === 'number' ? String(value) : 'no number'} as a reward; look into the log of the server.`);
  return { value };
}

function failed({ url }: ScoringEndpoint, what: string): ScoringServerError {
  return new ScoringServerError('failed', `${url} ${what}`);
}
