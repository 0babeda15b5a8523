import { alpaca } from './alpaca';
import { dpo, dpoMessages } from './dpo';
import type { ExportFormat } from './exportFormat';
import { messages } from './messages';
import { promptCompletion, promptCompletionMessages } from './promptCompletion';
import { sharegpt } from './sharegpt';

/** In the order in which people are offered them. */
export const exportFormats: readonly ExportFormat[] = [alpaca, messages, sharegpt, promptCompletion, promptCompletionMessages, dpo, dpoMessages];

export function findFormat(id: string): ExportFormat | undefined {
  return exportFormats.find((format) => format.id === id);
}
