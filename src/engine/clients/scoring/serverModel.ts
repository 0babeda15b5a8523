import type { ServerSpec } from '../../../core/scores/scorerSpec';
import type { ServerFacts } from './serverFacts';
import type { ScoringEndpoint } from './scoringEndpoint';
import { ScoringServerError } from './scoringServerError';
import type { ScoringUrl } from './scoringUrl';

/** What a scorer's id begins with: `gpt2@vllm`, or `vllm:127.0.0.1:8000` where nobody named a model. */
export function remoteName({ server, model }: ServerSpec<string>, urls: readonly ScoringUrl[]): string {
  return model === undefined ? `${server}:${urls.map(({ host }) => host).join(',')}` : `${model}@${server}`;
}

/** Replicas that answered alike, of which the first stands for all. Throws a ScoringServerError when they serve different models. */
export function replicasAgree<T extends { readonly endpoint: ScoringEndpoint; readonly model: string | undefined; readonly sample: readonly number[] }>(servers: readonly T[]): T {
  const [first, ...others] = servers;
  if (first === undefined) throw new Error('a scoring server without an address');
  for (const { endpoint, model, sample } of others) {
    if (model === first.model && sample.length === first.sample.length && sample.every((value, i) => value === first.sample[i])) continue;
    throw new ScoringServerError('untrusted', `${first.endpoint.url} and ${endpoint.url} do not serve the same model; name replicas of one model.`);
  }
  return first;
}

/** What requests name: what the settings name, or the one that the server has. Throws a ScoringServerError when that is not one model. */
export function modelToAsk({ url, quote }: ScoringEndpoint, named: string | undefined, { model, models }: ServerFacts): string | undefined {
  const listed = models ?? (model === undefined ? [] : [model]);
  const names = quote(listed.slice(0, 5).join(', '));
  if (named === undefined) {
    if (listed.length > 1) throw new ScoringServerError('untrusted', `${url} serves several models (${names}); name one after its address, as in ${url}#${quote(listed[0] ?? '')}.`);
    return model;
  }
  // Servers that were started from a folder call the model by that folder.
  if (listed.length > 0 && !listed.some((one) => one === named || lastPart(one) === lastPart(named))) {
    throw new ScoringServerError('untrusted', `${url} serves ${names} and not ${named}; correct the model's name or the address.`);
  }
  return named;
}

function lastPart(name: string): string {
  return name.replace(/\/+$/, '').split('/').at(-1)?.toLowerCase() ?? name;
}

/** `vLLM 0.11.0 serves gpt2 with a context of 1,024 tokens at 2 addresses`. */
export function describeServer(server: string, { endpoint, facts, model }: { readonly endpoint: ScoringEndpoint; readonly facts: ServerFacts; readonly model: string | undefined }, replicas: number): string {
  const version = facts.version === undefined ? '' : ` ${endpoint.quote(facts.version)}`;
  const name = model === undefined ? 'a model it does not name' : endpoint.quote(model);
  const context = facts.contextLength === undefined ? '' : ` with a context of ${facts.contextLength.toLocaleString('en')} tokens`;
  return `${server}${version} serves ${name}${context}${replicas === 1 ? '' : ` at ${replicas} addresses`}`;
}
