import { ok, type Result } from '../../../base/result';
import { buildJudgeMessages, judgeTemperature, judgeTemplate, parseJudgeReply, type JudgedExchange } from '../../../core/prompts/judge';
import { buildPairMessages, combineOrders, judgePairTemperature, parsePairReply, type PairVerdict } from '../../../core/prompts/judgePair';
import type { RewardMeasurement } from '../../../core/scores/catalogue';
import { isLocalHost } from '../../../core/teachers/localHost';
import type { EndpointTeacher } from '../../../core/teachers/teacher';
import type { ScoreItem } from '../../engine';
import { TeacherError } from '../teacherError';
import { createJudgeChat, type JudgeChat } from './judgeChat';
import { measureEach } from './measureEach';
import { ProbeOnce } from './probeOnce';
import type { RemoteScorer, RemoteScorerDeps } from './remoteScorer';

/** A chat endpoint that rates responses. */
export interface Judge extends RemoteScorer<RewardMeasurement> {
  /** It is not this machine, so each question may cost money. */
  readonly paid: boolean;
  /** Which of two responses is better, asked in both orders. Rejects with a TeacherError when the judge cannot be asked. */
  comparePair(pair: JudgedPair, signal: AbortSignal): Promise<Result<{ readonly verdict: PairVerdict; /** Both orders gave the same. */ readonly agreed: boolean }>>;
}

export interface JudgedPair extends Pick<JudgedExchange, 'prompt' | 'input'> {
  readonly first: string;
  readonly second: string;
}

/** Ratings from 0 to 5 by AlpaGasus's rubric. A reply without one is a measurement without a value: asking again at temperature 0 would cost and not help. */
export function createJudge(teacher: EndpointTeacher, deps: RemoteScorerDeps): Judge {
  return new ChatJudge(teacher, createJudgeChat(teacher, deps));
}

class ChatJudge implements Judge {
  readonly id: string;
  readonly paid: boolean;
  readonly #teacher: EndpointTeacher;
  readonly #chat: JudgeChat;
  readonly #ready: ProbeOnce<string>;

  constructor(teacher: EndpointTeacher, chat: JudgeChat) {
    this.id = `judge:${teacher.model}/${judgeTemplate}`;
    this.paid = !(URL.canParse(teacher.baseUrl) && isLocalHost(new URL(teacher.baseUrl).hostname));
    this.#teacher = teacher;
    this.#chat = chat;
    this.#ready = new ProbeOnce((signal) => chat.probe(signal));
  }

  probe(signal: AbortSignal): Promise<string> {
    return this.#ready.again(signal);
  }

  async measure(items: readonly ScoreItem[], signal: AbortSignal) {
    if (items.length === 0) return { measured: new Map<string, RewardMeasurement>(), failed: [] };
    await this.#ready.known(signal);
    return measureEach(items, { atOnce: this.#chat.atOnce, measure: (item) => this.#rate(item, signal), explain: explainTeacherError, signal });
  }

  async comparePair({ first, second, ...prompt }: JudgedPair, signal: AbortSignal) {
    await this.#ready.known(signal);
    const [asGiven, swapped] = await Promise.all([this.#verdict(prompt, [first, second], signal), this.#verdict(prompt, [second, first], signal)]);
    if (!asGiven.ok) return asGiven;
    return swapped.ok ? ok(combineOrders(asGiven.value, swapped.value)) : swapped;
  }

  async #verdict(prompt: Pick<JudgedExchange, 'prompt' | 'input'>, [one, two]: readonly [string, string], signal: AbortSignal): Promise<Result<PairVerdict>> {
    const reply = await this.#chat.ask(buildPairMessages(prompt, one, two), judgePairTemperature, signal);
    return parsePairReply(reply.text);
  }

  async #rate(item: ScoreItem, signal: AbortSignal): Promise<RewardMeasurement> {
    const reply = await this.#chat.ask(buildJudgeMessages(item), judgeTemperature, signal);
    const rating = parseJudgeReply(reply.text);
    if (rating.ok) return { scorer: this.id, value: rating.value };
    const cut = reply.finish === 'length' ? `; its reply was cut off at its token limit: raise maxTokens of ${this.#teacher.id}` : '';
    return { scorer: this.id, reason: `${rating.reason}${cut}` };
  }
}

function explainTeacherError(error: unknown) {
  return error instanceof TeacherError ? { reason: error.message, stop: error.kind !== 'failed' } : undefined;
}
