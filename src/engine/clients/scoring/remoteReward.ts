import type { RewardMeasurement } from '../../../core/scores/catalogue';
import type { RewardServer, ServerSpec } from '../../../core/scores/scorerSpec';
import type { ScoreItem } from '../../engine';
import { explainServerError, measureEach } from './measureEach';
import { ProbeOnce } from './probeOnce';
import type { RemoteScorer, RemoteScorerDeps } from './remoteScorer';
import { Replicas } from './replicas';
import { probeRewardServer, rewardOf, type ProbedRewardServer } from './rewardProbe';
import type { RewardWire } from './rewardWire';
import { createScoringEndpoint } from './scoringEndpoint';
import { ScoringServerError } from './scoringServerError';
import { parseScoringUrl } from './scoringUrl';
import { describeServer, remoteName, replicasAgree } from './serverModel';
import { sglangReward } from './sglangReward';
import { teiReward } from './teiReward';
import { vllmReward } from './vllmReward';

/** Rewards from a server with a reward model; the id names the form in which it reads an exchange (`RewardWire.form`). Every exchange is one request, or two where the server applies a template. */
export function createRemoteReward(spec: ServerSpec<RewardServer>, deps: RemoteScorerDeps): RemoteScorer<RewardMeasurement> {
  const urls = spec.baseUrls.map(parseScoringUrl);
  const wire = wireFor(spec);
  return new RemoteReward({
    id: `${remoteName(spec, urls)}/${wire.form}`,
    wire,
    named: spec.model,
    replicas: new Replicas(urls.map((url) => createScoringEndpoint(url, wire.server, deps)), deps.logger),
  });
}

function wireFor({ server, model }: ServerSpec<RewardServer>): RewardWire {
  switch (server) {
    case 'vllm':
      return vllmReward(model);
    case 'sglang':
      return sglangReward(model);
    case 'tei':
      return teiReward;
  }
}

interface RemoteRewardDeps {
  readonly id: string;
  readonly wire: RewardWire;
  readonly named: string | undefined;
  readonly replicas: Replicas;
}

interface Ready {
  readonly servers: ReadonlyMap<unknown, ProbedRewardServer>;
  readonly detail: string;
}

class RemoteReward implements RemoteScorer<RewardMeasurement> {
  readonly id: string;
  readonly #deps: RemoteRewardDeps;
  readonly #ready: ProbeOnce<Ready>;

  constructor(deps: RemoteRewardDeps) {
    this.id = deps.id;
    this.#deps = deps;
    this.#ready = new ProbeOnce((signal) => this.#probe(signal));
  }

  async probe(signal: AbortSignal): Promise<string> {
    return (await this.#ready.again(signal)).detail;
  }

  async measure(items: readonly ScoreItem[], signal: AbortSignal) {
    if (items.length === 0) return { measured: new Map<string, RewardMeasurement>(), failed: [] };
    const ready = await (this.#deps.replicas.allDown ? this.#ready.again(signal) : this.#ready.known(signal));
    return measureEach(items, { atOnce: this.#deps.replicas.width, measure: (item) => this.#measureOne(item, ready, signal), explain: explainServerError, signal });
  }

  async #probe(signal: AbortSignal): Promise<Ready> {
    const { replicas, wire, named } = this.#deps;
    const servers = await replicas.each((endpoint) => probeRewardServer(wire, endpoint, { named, signal }), signal);
    const first = replicasAgree(servers);
    return { servers: new Map(servers.map((server) => [server.endpoint, server])), detail: `${describeServer(wire.server, first, servers.length)}.` };
  }

  async #measureOne({ prompt, response }: ScoreItem, { servers }: Ready, signal: AbortSignal): Promise<RewardMeasurement> {
    return this.#deps.replicas.run(async (endpoint) => {
      const server = servers.get(endpoint);
      if (server === undefined) throw new ScoringServerError('unreachable', `${endpoint.url} could not be reached when the others were probed; score again.`);
      const reward = await rewardOf(server, { prompt, response }, signal);
      return { scorer: this.id, ...reward };
    }, signal);
  }
}
