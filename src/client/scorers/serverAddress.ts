import type { ScorerKind } from '../../protocol/lsp';
import { modelComplaint } from './scorerText';

/** Why the text is no address of such a server; undefined when it is. A user or a key would stand in the settings for all to read. */
export function addressComplaint(kind: ScorerKind, server: string, text: string): string | undefined {
  if (/\/\/[^/]*@/.test(text)) return 'No user or key in the address: settings are no place for them. Where the server wants a key, set CUPEL_SCORER_KEY.';
  if (text.includes('#')) return 'The address alone; the model is asked for next.';
  return modelComplaint(kind, `${server}:${text.trim()}`);
}
