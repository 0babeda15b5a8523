import type { ChatMessage } from '../../../core/prompts/chat';
import type { EndpointTeacher } from '../../../core/teachers/teacher';
import { createLimiter } from '../../jobs/queue';
import { retry } from '../../jobs/retry';
import { listModels, requestChat, type ChatReply } from '../chatRequest';
import { KeySource } from '../keySource';
import { TeacherError } from '../teacherError';
import type { RemoteScorerDeps } from './remoteScorer';

/** Questions to a chat endpoint, with its key, its limit of requests at once, and second tries. */
export interface JudgeChat {
  readonly atOnce: number;
  /** One sentence about the endpoint, by a call that costs nothing. Rejects with a TeacherError. */
  probe(signal: AbortSignal): Promise<string>;
  /** Rejects with a TeacherError or the signal's reason. */
  ask(messages: readonly ChatMessage[], temperature: number, signal: AbortSignal): Promise<ChatReply>;
}

const attempts = 5;
const attemptsToConnect = 3;
const defaultConcurrency = 4;

export function createJudgeChat(config: EndpointTeacher, deps: RemoteScorerDeps): JudgeChat {
  const keys = new KeySource(config, deps.apiKey);
  const atOnce = config.concurrency ?? defaultConcurrency;
  const limiter = createLimiter(atOnce);

  /** Again with another key when the first is refused and there is one. */
  const withKey = async <T>(call: (key: string | undefined) => Promise<T>): Promise<T> => {
    for (;;) {
      const key = await keys.current();
      try {
        return await call(key);
      } catch (error) {
        if (!(error instanceof TeacherError) || error.kind !== 'unauthorized') throw error;
        await keys.renew(key);
      }
    }
  };

  const persist = <T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> =>
    retry(call, {
      backoff: deps.backoff,
      signal,
      judge: (error) => (error instanceof TeacherError ? error.verdict : { again: false }),
      attempts: (error) => (error instanceof TeacherError && error.kind === 'unreachable' ? attemptsToConnect : attempts),
      onWait: (attempt, milliseconds, error) =>
        deps.logger.warn('Judge failed; asking again after a wait', {
          judge: config.id,
          attempt,
          milliseconds,
          reason: error instanceof TeacherError ? error.message : undefined,
        }),
    });

  return {
    atOnce,
    async probe(signal) {
      const models = await persist(() => withKey((key) => listModels(config, key, signal, deps.now)), signal);
      if (models === undefined) return `${config.id} answers, but lists no models.`;
      return models.includes(config.model) ? `${config.id} serves ${config.model}.` : `${config.id} answers, but does not list ${config.model}.`;
    },
    ask: (messages, temperature, signal) =>
      limiter.run(() => persist(() => withKey((key) => requestChat({ config, key, messages, temperature, signal, now: deps.now })), signal), signal),
  };
}
