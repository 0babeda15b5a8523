import { idsOf, tokensOf } from './bigramModel';
import { Refusal, startScoringServer, type ScoringServer, type ScoringServerOptions } from './scoringServer';

/** A reward that a test can work out: how many tokens the model was given, in tenths, less three. */
export function rewardOf(tokens: number): number {
  return tokens / 10 - 3;
}

/** Two special tokens a message. */
export function chatIds(messages: readonly { readonly role: string; readonly content: string }[]): readonly number[] {
  return messages.flatMap(({ role, content }) => [role === 'user' ? 1 : 2, ...idsOf(content), 3]);
}

interface VllmRewardOptions extends ScoringServerOptions {
  readonly path?: '/classify' | '/pooling';
  readonly labels?: number;
  readonly template?: boolean;
  readonly contextLength?: number;
}

/** vLLM with a reward model. It answers `/classify` with a squashed value unless the activation is switched off. */
export function startVllmReward({ path: served = '/classify', labels = 1, template = true, contextLength = 4096, ...options }: VllmRewardOptions = {}): Promise<ScoringServer> {
  return startScoringServer(({ path, body }) => {
    if (path === '/version') return { version: '0.11.0' };
    if (path === '/v1/models') return { object: 'list', data: [{ id: 'skywork', max_model_len: contextLength }] };
    if (path === '/tokenize') {
      if (!template) return new Refusal(400, { error: { message: 'As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat template if the tokenizer does not define one.' } });
      const ids = chatIds(body.messages as { role: string; content: string }[]);
      return { count: ids.length, max_model_len: contextLength, tokens: ids };
    }
    if (path !== served) return undefined;
    const [ids] = body.input as readonly [readonly number[]];
    const reward = rewardOf(ids.length);
    const values = Array.from({ length: labels }, () => (body.use_activation === false ? reward : 1 / (1 + Math.exp(-reward))));
    const data = served === '/classify' ? { index: 0, label: 'LABEL_0', probs: values, num_classes: labels } : { index: 0, object: 'pooling', data: values };
    return { id: '1', object: 'list', model: 'skywork', data: [data], usage: { prompt_tokens: ids.length } };
  }, options);
}

export function startSglangReward(options: ScoringServerOptions = {}): Promise<ScoringServer> {
  return startScoringServer(({ path, body }) => {
    if (path === '/v1/models') return { object: 'list', data: [{ id: 'skywork', max_model_len: 4096 }] };
    if (path !== '/classify') return undefined;
    return { embedding: [rewardOf(tokensOf(String(body.text)).length)], meta_info: { id: '1', prompt_tokens: 1 } };
  }, options);
}

/** TEI, whose model reads `contextLength` tokens. */
export function startTei({ contextLength = 512, labels = 1, ...options }: ScoringServerOptions & { readonly contextLength?: number; readonly labels?: number } = {}): Promise<ScoringServer> {
  return startScoringServer(({ path, body }) => {
    if (path === '/info') return { model_id: 'OpenAssistant/reward-model-deberta-v3-large-v2', version: '1.8.2', max_input_length: contextLength };
    if (path !== '/predict') return undefined;
    const [pair = []] = body.inputs as readonly (readonly string[])[];
    const given = pair.reduce((sum, text) => sum + tokensOf(text).length, 3);
    if (given >= contextLength && body.truncate !== true) {
      return new Refusal(413, { error: `Input validation error: \`inputs\` must have less than ${contextLength} tokens. Given: ${given}`, error_type: 'Validation' });
    }
    return [Array.from({ length: labels }, (_, i) => ({ score: rewardOf(given), label: `LABEL_${i}` }))];
  }, options);
}
