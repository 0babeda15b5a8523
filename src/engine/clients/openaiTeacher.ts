import type { Logger } from '../../base/logger';
import type { ChatMessage } from '../../core/prompts/chat';
import { buildChatMessages, chatTemplate } from '../../core/prompts/chat';
import { buildRefineMessages, parseRefineReply, refineTemperature, refineTemplate } from '../../core/prompts/refine';
import type { ProposalMode } from '../../core/proposals/proposal';
import type { EndpointTeacher, Provenance } from '../../core/teachers/teacher';
import type { EnginePorts } from '../engine';
import type { Limiter } from '../jobs/queue';
import { type Backoff, retry } from '../jobs/retry';
import { type ChatReply, requestChat } from './chatRequest';
import { KeySource } from './keySource';
import type { Answer, Question, Teacher } from './teacher';
import { TeacherError } from './teacherError';

export interface OpenAITeacherDeps {
  readonly apiKey: EnginePorts['apiKey'];
  readonly logger: Logger;
  readonly now: () => Date;
  readonly backoff: Backoff;
  /** Shared by everything that asks this endpoint. */
  readonly limiter: Limiter;
}

const attempts = 5;
/** A server that cannot be reached at all gets fewer, and one once it has failed them: the rest of a long run should not wait for it. */
const attemptsToConnect = 3;

/** An OpenAI-compatible chat endpoint as a teacher, for one run. */
export function createOpenAITeacher(config: EndpointTeacher, mode: ProposalMode, deps: OpenAITeacherDeps): Teacher {
  const keys = new KeySource(config, deps.apiKey);
  const temperature = mode === 'refine' ? refineTemperature : config.temperature;
  const template = mode === 'refine' ? refineTemplate : chatTemplate;
  const parameters = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(config.maxTokens === undefined ? {} : { maxTokens: config.maxTokens }),
  };
  let connected: boolean | undefined;

  const tryOnce = async (messages: readonly ChatMessage[], signal: AbortSignal, onText: ((text: string) => void) | undefined): Promise<ChatReply> => {
    for (;;) {
      const key = await keys.current();
      try {
        const reply = await requestChat({ config, key, messages, temperature, signal, now: deps.now, ...(onText && { onText }) });
        connected = true;
        return reply;
      } catch (error) {
        if (!(error instanceof TeacherError)) throw error;
        if (error.kind !== 'unreachable') connected = true;
        if (error.kind !== 'unauthorized') throw error;
        await keys.renew(key);
      }
    }
  };

  const ask = async (messages: readonly ChatMessage[], signal: AbortSignal, onText: ((text: string) => void) | undefined): Promise<ChatReply> => {
    try {
      return await retry(() => tryOnce(messages, signal, onText), {
        backoff: deps.backoff,
        signal,
        judge: (error) => (error instanceof TeacherError ? error.verdict : { again: false }),
        attempts: (error) => (!isUnreachable(error) ? attempts : connected === false ? 1 : attemptsToConnect),
        onWait: (attempt, milliseconds, error) =>
          deps.logger.warn('Teacher failed; asking again after a wait', {
            teacher: config.id,
            attempt,
            milliseconds,
            reason: error instanceof TeacherError ? error.message : undefined,
          }),
      });
    } catch (error) {
      if (isUnreachable(error)) connected = false;
      throw error;
    }
  };

  return {
    fingerprint: [config.baseUrl, config.model, temperature ?? null, config.maxTokens ?? null, template],

    async answer(question, signal, onText) {
      const messages = messagesFor(question);
      if (messages.length === 0) return { ok: false, reason: 'the record has no prompt to answer' };
      try {
        const reply = await deps.limiter.run(() => ask(messages, signal, onText), signal);
        return readReply(config, question.mode, reply, {
          teacher: config.id,
          model: reply.model ?? config.model,
          parameters,
          promptTemplate: template,
          time: deps.now().toISOString(),
          ...(reply.usage && { usage: reply.usage }),
          ...(reply.requestId !== undefined && { requestId: reply.requestId }),
        });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof TeacherError)) throw error;
        return { ok: false, reason: error.message };
      }
    },
  };
}

function messagesFor({ exchange, mode }: Question): readonly ChatMessage[] {
  return mode === 'refine' ? buildRefineMessages(exchange.prompt, exchange.response.text) : buildChatMessages(exchange.prompt);
}

/** A reply that arrived whole can still be no answer. */
function readReply(config: EndpointTeacher, mode: ProposalMode, reply: ChatReply, provenance: Provenance): Answer {
  const failed = (reason: string): Answer => ({ ok: false, reason, provenance });
  if (reply.finish === 'length') {
    const limit = config.maxTokens === undefined ? 'its token limit' : `the limit of ${config.maxTokens} tokens`;
    return failed(`${config.id} was cut off at ${limit}; raise maxTokens`);
  }
  if (reply.finish === 'content_filter') return failed(`the content filter of ${config.id} stopped the reply`);
  if (reply.text.trim() === '') return failed(reply.refusal === '' ? `the reply of ${config.id} is empty` : `${config.id} refused to answer`);
  if (mode === 'regenerate') return { ok: true, response: reply.text, provenance };
  const better = parseRefineReply(reply.text);
  return better.ok ? { ok: true, response: better.value, provenance } : failed(better.reason);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof TeacherError && error.kind === 'unreachable';
}
