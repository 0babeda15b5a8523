import type { Exchange, Turn } from '../../core/record/conversation';
import { exchangeKey } from '../../core/record/key';
import { plainPrompt } from '../../core/record/template';
import type { ScoreItem } from '../engine';

/** An exchange as the scorers see it, under the `plain` template. @param key its key where that is known: it takes longer to compute than all the rest. */
export function scoreItem(exchange: Exchange, key: string = exchange.key): ScoreItem {
  return { key, ...promptOf(exchange.prompt), response: exchange.response.text };
}

/** The same prompt with another response. */
export function answeredItem(prompt: readonly Turn[], response: string): ScoreItem {
  return { key: exchangeKey(prompt, response), ...promptOf(prompt), response };
}

function promptOf(turns: readonly Turn[]): Pick<ScoreItem, 'prompt' | 'input'> {
  const last = turns.findLast((turn) => turn.text !== '');
  return { prompt: plainPrompt(turns), ...(last?.part === 'input' && { input: last.text }) };
}
