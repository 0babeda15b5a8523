import type { Span } from '../conversation';
export interface Fault { readonly message: string; readonly span?: Span }
export function findFault(json: string): Fault {
  return { message: 'This line is not valid JSON.', span: { start: 0, end: json.length } };
}
