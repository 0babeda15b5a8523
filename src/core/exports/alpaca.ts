import { ok } from '../../base/result';
import type { Turn } from '../record/conversation';
import { shownChat } from './conversationTurns';
import type { ExportFormat } from './exportFormat';

/**
 * `instruction`, `input`, `output`, and `system` and `history: [[question, answer], …]` where the record has them, as LLaMA-Factory's
 * `formatting: alpaca` reads them (data/README.md, data/converter.py). Trainers join instruction and input with a newline.
 */
export const alpaca: ExportFormat = {
  id: 'alpaca',
  title: 'Alpaca (instruction, input, output)',
  write(record) {
    const shown = shownChat(record);
    if (!shown.ok) return shown;
    const { exchange, chat } = shown.value;
    const { system, history, question } = chat;
    return ok({
      ...splitQuestion(exchange.prompt, question),
      output: exchange.response.text,
      ...(system !== undefined && { system }),
      ...(history.length > 0 && { history }),
    });
  },
};

/** The two fields as they were read, where they make up the whole question; otherwise all of it as the instruction. */
function splitQuestion(prompt: readonly Turn[], question: string): { instruction: string; input: string } {
  const instruction = partOf(prompt, 'instruction');
  const input = partOf(prompt, 'input');
  const joined = [instruction, input].filter((text) => text !== '').join('\n');
  return joined === question && instruction !== '' ? { instruction, input } : { instruction: question, input: '' };
}

function partOf(prompt: readonly Turn[], part: NonNullable<Turn['part']>): string {
  return prompt.findLast((turn) => turn.part === part)?.text ?? '';
}
