import type { Fault } from './faultCauses';

/** A quotation mark, a backslash or a control character. */
const special = /["\\\p{Cc}]/gu;
const unicodeEscape = /u[0-9a-fA-F]{4}/y;

/**
 * The end of the string that starts at `start`, after its closing quotation mark, or what is wrong inside it.
 * `lineBreaks`: unescaped ones are let pass.
 */
export function scanString(json: string, start: number, lineBreaks = false): { readonly end: number } | Fault {
  special.lastIndex = start + 1;
  for (let match = special.exec(json); match; match = special.exec(json)) {
    const at = match.index;
    if (match[0] === '"') return { end: at + 1 };
    const unit = json.charCodeAt(at);
    // JSON forbids the C0 controls alone; DEL and the C1 block may stand as they are.
    if (unit >= 0x7f || (lineBreaks && unit === 0x0a)) continue;
    if (match[0] !== '\\') return controlFault(unit, at);
    if (!isEscape(json, at + 1)) return at + 1 >= json.length ? openFault(json, start) : escapeFault(json, at);
    special.lastIndex = at + 2;
  }
  return openFault(json, start);
}

function isEscape(json: string, at: number): boolean {
  if (json[at] !== 'u') return at < json.length && '"\\/bfnrt'.includes(json.charAt(at));
  unicodeEscape.lastIndex = at;
  return unicodeEscape.test(json);
}

function openFault(json: string, start: number): Fault {
  return { cause: 'cut-off-text', message: 'The string that starts here is never closed: the line is cut off, or a quotation mark (") is missing.', span: { start, end: json.length } };
}

function escapeFault(json: string, at: number): Fault {
  if (json[at + 1] === 'u') {
    const digits = /^[0-9a-fA-F]*/.exec(json.slice(at + 2, at + 6))?.[0].length ?? 0;
    return { cause: 'bad-escape', message: 'A \\u escape needs four hexadecimal digits, such as \\u00e9.', span: { start: at, end: at + 2 + digits } };
  }
  return { cause: 'bad-escape', message: 'A backslash in a string starts an escape that JSON does not know: write \\\\ for a backslash itself.', span: { start: at, end: at + 2 } };
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
]);

function controlFault(unit: number, at: number): Fault {
  const hex = unit.toString(16).padStart(4, '0');
  return {
    cause: 'control-character',
    message: `A control character (U+${hex.toUpperCase()}) stands unescaped in a string: write ${shortEscapes.get(unit) ?? `\\u${hex}`} instead.`,
    span: { start: at, end: at + 1 },
  };
}
