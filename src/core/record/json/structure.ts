/**
 * What the brackets of a JSON text say without parsing it: a fast look at every line before `JSON.parse`.
 * Strings are hopped over, so the cost is that of finding quotation marks. Works on broken text too.
 */
export interface Structure {
  /** Brackets nest deeper than allowed; `properties` is then meaningless. */
  readonly tooDeep: boolean;
  /** Colons outside strings: the properties as written, those that a later one of the same name hides included. */
  readonly properties: number;
}

export function scanStructure(json: string, maxDepth: number): Structure {
  let depth = 0;
  let properties = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case code.quote:
        at = endOfString(json, at) - 1;
        break;
      case code.openBrace:
      case code.openBracket:
        depth++;
        if (depth > maxDepth) return { tooDeep: true, properties };
        break;
      case code.closeBrace:
      case code.closeBracket:
        depth--;
        break;
      case code.colon:
        properties++;
        break;
    }
  }
  return { tooDeep: false, properties };
}

/** The properties that are left after parsing, at every depth. */
export function countProperties(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const children: unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) count += children.length;
    for (const child of children) if (typeof child === 'object' && child !== null) waiting.push(child);
  }
  return count;
}

/** The offset after the closing quotation mark of the string that starts at `start`; the end of the text if it is never closed. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end + 1;
}

function isEscaped(json: string, at: number): boolean {
  let before = at;
  while (json.charCodeAt(before - 1) === code.backslash) before--;
  return (at - before) % 2 === 1;
}

export const code = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;
