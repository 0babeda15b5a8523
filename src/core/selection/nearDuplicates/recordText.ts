import type { DataRecord, TextField } from '../../record/conversation';

/** All that is said in a record, every candidate included, each text once, as one text. */
export function recordText({ prompt, exchanges }: DataRecord): string {
  const texts = new Map<string, string>();
  const say = ({ path, text }: TextField) => texts.set(path.join('/'), text);
  prompt.forEach(say);
  for (const exchange of exchanges) {
    exchange.prompt.forEach(say);
    say(exchange.response);
  }
  return [...texts.values()].join('\n');
}
