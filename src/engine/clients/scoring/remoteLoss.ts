import type { LossMeasurement, NllSum } from '../../../core/scores/catalogue';
import { lossPresets, type LossPlan, type LossPreset, type LossPresetId, type Pass, type PassSpan } from '../../../core/scores/presets/preset';
import type { LossServer, ServerSpec } from '../../../core/scores/scorerSpec';
import type { TokenLosses } from '../../../core/scores/tokenLosses';
import type { ScoreItem } from '../../engine';
import { responseTokens, type PlacedNlls } from '../../inference/checkpoints/responseTokens';
import { probeLossServer, type ProbedLossServer } from './lossProbe';
import type { LossWire, TokenizedText } from './lossWire';
import { explainServerError, measureEach } from './measureEach';
import { ProbeOnce } from './probeOnce';
import { promptNlls } from './promptNlls';
import type { RemoteScorer, RemoteScorerDeps } from './remoteScorer';
import { Replicas } from './replicas';
import { createScoringEndpoint } from './scoringEndpoint';
import { ScoringServerError } from './scoringServerError';
import { parseScoringUrl } from './scoringUrl';
import { describeServer, remoteName, replicasAgree } from './serverModel';
import { sglangLoss } from './sglangLoss';
import { tgiLoss } from './tgiLoss';
import { vllmLoss } from './vllmLoss';

/**
 * Losses from a server that gives log-probabilities of a prompt, by a published procedure. The server's own tokenizer
 * makes the ids, ids are what is scored, and every pass of a record is one request.
 */
export function createRemoteLoss(spec: ServerSpec<LossServer>, preset: LossPresetId, deps: RemoteScorerDeps): RemoteScorer<LossMeasurement> {
  const urls = spec.baseUrls.map(parseScoringUrl);
  const wire = wireFor(spec);
  return new RemoteLoss({
    id: `${remoteName(spec, urls)}/${preset}`,
    preset: lossPresets[preset],
    wire,
    named: spec.model,
    replicas: new Replicas(urls.map((url) => createScoringEndpoint(url, wire.server, deps)), deps.logger),
    localTokenizer: deps.localTokenizer,
  });
}

function wireFor({ server, model }: ServerSpec<LossServer>): LossWire {
  switch (server) {
    case 'vllm':
      return vllmLoss(model);
    case 'sglang':
      return sglangLoss(model);
    case 'tgi':
      return tgiLoss;
  }
}

interface RemoteLossDeps {
  readonly id: string;
  readonly preset: LossPreset;
  readonly wire: LossWire;
  readonly named: string | undefined;
  readonly replicas: Replicas;
  readonly localTokenizer: RemoteScorerDeps['localTokenizer'];
}

/** What the probe of all replicas found. */
interface Ready {
  readonly servers: ReadonlyMap<unknown, ProbedLossServer>;
  readonly first: ProbedLossServer;
  readonly contextLength: number;
  readonly detail: string;
}

class RemoteLoss implements RemoteScorer<LossMeasurement> {
  readonly id: string;
  readonly tokenLosses?: (item: ScoreItem, signal: AbortSignal) => Promise<TokenLosses>;
  readonly #deps: RemoteLossDeps;
  readonly #ready: ProbeOnce<Ready>;

  constructor(deps: RemoteLossDeps) {
    this.id = deps.id;
    this.#deps = deps;
    this.#ready = new ProbeOnce((signal) => this.#probe(signal));
    if (deps.wire.placesTokens) this.tokenLosses = (item, signal) => this.#tokenLosses(item, signal);
  }

  async probe(signal: AbortSignal): Promise<string> {
    return (await this.#ready.again(signal)).detail;
  }

  async measure(items: readonly ScoreItem[], signal: AbortSignal) {
    if (items.length === 0) return { measured: new Map<string, LossMeasurement>(), failed: [] };
    const ready = await this.#known(signal);
    const tokenize = this.#tokenizer(ready, { places: false, signal });
    return measureEach(items, {
      atOnce: this.#deps.replicas.width,
      measure: (item) => this.#measureOne(item, { ready, tokenize, signal }),
      explain: explainServerError,
      signal,
    });
  }

  #known(signal: AbortSignal): Promise<Ready> {
    return this.#deps.replicas.allDown ? this.#ready.again(signal) : this.#ready.known(signal);
  }

  async #probe(signal: AbortSignal): Promise<Ready> {
    const { replicas, wire, named, localTokenizer, preset } = this.#deps;
    const servers = await replicas.each((endpoint) => probeLossServer(wire, endpoint, { named, localTokenizer, signal }), signal);
    const first = replicasAgree(servers);
    const contexts = servers.map(({ facts, way }) => (facts.contextLength ?? preset.maxTokens + way.takes) - way.takes);
    return {
      servers: new Map(servers.map((server) => [server.endpoint, server])),
      first,
      contextLength: Math.min(...contexts),
      detail: describe(wire.server, first, servers.length),
    };
  }

  async #measureOne(item: ScoreItem, work: Work): Promise<LossMeasurement> {
    const { plan, tokens } = await this.#plan(item, work);
    const parts: Partial<Record<PassSpan['part'], NllSum>> = {};
    await Promise.all(
      plan.passes.map(async (pass) => {
        const nlls = await this.#run(pass, tokens(pass.text), work);
        for (const { part, from, to } of pass.spans) parts[part] = sumOf(nlls.subarray(from, to));
      }),
    );
    return { scorer: this.id, ...parts, ...(plan.reason !== undefined && { reason: plan.reason }) };
  }

  async #tokenLosses(item: ScoreItem, signal: AbortSignal): Promise<TokenLosses> {
    const ready = await this.#known(signal);
    const work: Work = { ready, tokenize: this.#tokenizer(ready, { places: true, signal }), signal };
    const { plan, tokens } = await this.#plan(item, work);
    const parts: Partial<Record<'cond' | 'direct', PlacedNlls>> = {};
    let reason = plan.reason;
    for (const pass of plan.passes) {
      const span = pass.spans.find(({ part }) => part !== 'prompt');
      if (span === undefined || span.part === 'prompt') continue;
      const { ranges } = tokens(pass.text);
      if (ranges === undefined) {
        throw new ScoringServerError('failed', `${ready.first.endpoint.url} does not tell where its tokens stand in the text; update ${this.#deps.wire.server}, or choose a local checkpoint to see the surprise of tokens.`);
      }
      const nlls = await this.#run(pass, tokens(pass.text), work);
      parts[span.part] = {
        nlls: Float32Array.from(nlls.subarray(span.from, span.to)),
        ranges: ranges.slice(span.from - pass.lead, span.to - pass.lead),
        responseStart: pass.text.length - item.response.length,
      };
      const all = ranges.length + pass.lead - span.from;
      if (span.part === 'cond' && span.to - span.from < all) reason ??= `only the first ${span.to - span.from} of ${all} response tokens fit the window`;
    }
    return { scorer: this.id, tokens: responseTokens(parts), ...(reason !== undefined && { reason }) };
  }

  async #plan(item: ScoreItem, { ready, tokenize }: Work): Promise<{ readonly plan: LossPlan; readonly tokens: (text: string) => TokenizedText }> {
    const { preset } = this.#deps;
    const known = new Map(await Promise.all([...new Set(preset.texts(item))].map(async (text) => [text, await tokenize(text)] as const)));
    const tokens = (text: string): TokenizedText => tokensOf(known, text);
    const { contextLength, first } = ready;
    return { plan: preset.plan(item, (text) => tokens(text).ids, { contextLength, ...(first.bos !== undefined && { bos: first.bos }) }), tokens };
  }

  /** Nats of the ids of a pass, index by index. */
  async #run(pass: Pass, tokenized: TokenizedText, { ready, signal }: Work): Promise<Float64Array> {
    const prompt = { ids: pass.ids, from: Math.min(...pass.spans.map(({ from }) => from)), text: sentText(pass, tokenized), lead: pass.lead };
    return this.#deps.replicas.run(async (endpoint) => {
      const server = ready.servers.get(endpoint);
      if (server === undefined) throw new ScoringServerError('unreachable', `${endpoint.url} could not be reached when the others were probed; score again.`);
      if (server.addsBos && pass.lead === 0) {
        throw new ScoringServerError('untrusted', `${endpoint.url} puts a BOS before every text, and the ${this.#deps.preset.id} procedure has none; measure with the cherry procedure, or serve the model with vLLM or SGLang.`);
      }
      const reply = await server.way.logProbs((path, body) => endpoint.call(path, body, signal), { ...prompt, model: server.model });
      const nlls = promptNlls(prompt, reply);
      if (!nlls.ok) throw new ScoringServerError('failed', `${endpoint.url} ${nlls.reason}; check its version and its log.`);
      return nlls.value;
    }, signal);
  }

  /** Each text once: templates' heads come back with every record. */
  #tokenizer({ first, servers }: Ready, { places, signal }: { readonly places: boolean; readonly signal: AbortSignal }): (text: string) => Promise<TokenizedText> {
    const { wire, replicas } = this.#deps;
    const known = new Map<string, Promise<TokenizedText>>();
    const ask = async (text: string): Promise<TokenizedText> => {
      if (text === '') return { ids: [] };
      if (first.tokenizer !== undefined) return { ids: first.tokenizer.encode(text) };
      return replicas.run(async (endpoint) => {
        const model = servers.get(endpoint)?.model;
        const tokens = await wire.tokenize((path, body) => endpoint.call(path, body, signal), { text, special: false, model, places });
        if (tokens === undefined) throw new ScoringServerError('failed', `${endpoint.url}/tokenize gave no tokens for a text of ${text.length} characters; check the log of the server.`);
        return tokens;
      }, signal);
    };
    return (text) => {
      const found = known.get(text) ?? ask(text);
      known.set(text, found);
      return found;
    };
  }
}

interface Work {
  readonly ready: Ready;
  readonly tokenize: (text: string) => Promise<TokenizedText>;
  readonly signal: AbortSignal;
}

function tokensOf(tokens: ReadonlyMap<string, TokenizedText>, text: string): TokenizedText {
  const found = tokens.get(text);
  if (found === undefined) throw new Error('a procedure asked for the tokens of a text that it had not named');
  return found;
}

/** The text of a pass that was cut at the end, as far as the server said where its tokens end. */
function sentText({ ids, text, lead }: Pass, { ids: all, ranges }: TokenizedText): string {
  const count = ids.length - lead;
  return count >= all.length ? text : text.slice(0, ranges?.[count - 1]?.[1]);
}

function sumOf(nlls: Float64Array): NllSum {
  return { sum: nlls.reduce((sum, nll) => sum + nll, 0), tokens: nlls.length };
}

function describe(server: string, probed: ProbedLossServer, replicas: number): string {
  const advice = probed.caches ? '; it caches prefixes, which has given stale log-probabilities: start it with --no-enable-prefix-caching (vLLM) to be sure' : '';
  return `${describeServer(server, probed, replicas)}${advice}.`;
}
