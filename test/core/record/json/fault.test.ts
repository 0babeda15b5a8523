import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFault } from '../../../../src/core/record/json/fault';

/** Where `JSON.parse` says it stopped; undefined where it names no place, or finds no fault. */
function givesUpAt(json: string): number | undefined {
  try {
    JSON.parse(json);
    return undefined;
  } catch (error) {
    const place = / position (\d+)/.exec(String(error))?.[1];
    return place === undefined ? undefined : Number(place);
  }
}

/** The line with the span between ‹ and ›. */
function marked(json: string): readonly [line: string, message: string] {
  const { span, message } = findFault(json);
  return [`${json.slice(0, span.start)}‹${json.slice(span.start, span.end)}›${json.slice(span.end)}`, message];
}

const faults: readonly (readonly [what: string, marked: string, message: RegExp])[] = [
  ['single quotes for a name', `{‹'a'›: 1}`, /double quotation marks/],
  ['single quotes for a text', `{"a": ‹'b'›}`, /double quotation marks/],
  ['curly quotes', `{"a": ‹“b”›}`, /double quotation marks/],
  ['a name without quotes', `{‹a›: 1}`, /name of a field belongs here, in double/],
  ['a comma before }', `{"a": 1‹,› }`, /comma stands before the closing }: remove it/],
  ['a comma before ]', `{"a": [1‹,›]}`, /comma stands before the closing ]: remove it/],
  ['two commas', `{"a": 1,‹,›"b": 2}`, /Two commas/],
  ['a missing comma', `{"a": 1 ‹"›b": 2}`, /comma \(,\) is missing/],
  ['a missing colon', `{"a" ‹1›}`, /colon \(:\) is missing/],
  ['a missing value', `{"a": ‹}›`, /value is missing/],
  ['NaN', `{"a": ‹NaN›}`, /NaN is not JSON: write null/],
  ['Infinity', `{"a": ‹-Infinity›}`, /-Infinity is not JSON: write null/],
  ["Python's None", `{"a": ‹None›}`, /None is written null/],
  ["Python's True", `{"a": [‹True›]}`, /True is written true/],
  ['a leading zero', `{"a": ‹007›}`, /not a number as JSON writes it/],
  ['a bare point', `{"a": ‹.5›}`, /not a number as JSON writes it/],
  ['a bare word', `{"a": ‹hello› world}`, /no JSON value/],
  ['a tab in a text', `{"a": "b‹\t›c"}`, /control character \(U\+0009\).*write \\t instead/],
  ['a null character in a text', `{"a": "b‹\u0000›c"}`, /\(U\+0000\).*write \\u0000 instead/],
  ['an unknown escape', `{"a": "C:‹\\d›ata"}`, /write \\\\ for a backslash itself/],
  ['a short \\u escape', `{"a": "‹\\u12›"}`, /four hexadecimal digits/],
  ['a quotation mark inside a text', `{"a": "he said "‹hi›" loudly"}`, /quotation mark inside a text is written \\"/],
  ['a text that is never closed', `{"a": ‹"b}›`, /never closed/],
  ['a text that ends in a backslash', `{"a": ‹"b\\›`, /never closed/],
  ['a line that is cut off', `{"a": {"b": [1‹,›`, /ends too early: 3 brackets/],
  ['a line that lacks one bracket', `{"a": 1‹0›`, /ends too early: one bracket/],
  ['the first line of an indented file', `‹{›`, /only opens a bracket/],
  ['the first line of an array', ` ‹[›`, /JSON array or indented JSON must be rewritten/],
  ['two objects', `{"a": 1} ‹{›"b": 2}`, /second value starts here: write each record on a line of its own/],
  ['a comma after the record', `{"a": 1}‹,›`, /comma follows the record/],
  ['a bracket after the record', `{"a": 1}‹}›`, /closes nothing/],
  ['words after the record', `{"a": 1} ‹done›`, /Text follows/],
  ['the wrong bracket', `{"a": [1‹}›]`, /closes nothing: a \[ is open/],
  ['only a closing bracket', `‹]›`, /closes nothing: no bracket is open/],
  ['a comment', `{"a": 1, ‹//› note`, /no comments/],
  ['a mark inside the line', `{"a": 1}‹\ufeff›{"a": 2}`, /byte-order mark/],
  ['a colon after a value', `{"a": 1‹:› 2}`, /colon \(:\) cannot stand here/],
];

describe('why a text is not JSON', () => {
  it.each(faults)('%s: %s', (_what, expected, message) => {
    const json = expected.replace(/[‹›]/g, '');
    expect(() => JSON.parse(json) as unknown).toThrow();
    expect(marked(json)).toEqual([expected, expect.stringMatching(message)]);
  });

  it('never quotes the dataset', () => {
    fc.assert(
      fc.property(fc.constantFrom('{"a": SECRET}', '{SECRET: 1}', '{"a": "b" SECRET}', '{"SECRET', '{"a": 1} SECRET', "{'SECRET': 1}"), (json) => {
        expect(findFault(json).message).not.toContain('SECRET');
      }),
    );
  });

  it('is found where JSON.parse also gives up', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '\\', '\\u00', 'é', '1', '-', '.', 'e', 'null', 'NaN', ' ', '\t', "'", '/', '\ufeff', '\u007f');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const json = pieces.join('');
        const { span } = findFault(json);
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.end).toBeLessThanOrEqual(json.length);
        const position = givesUpAt(json);
        fc.pre(position !== undefined);
        // The engine points at the character; a span names the token or string around it, or the comma before it.
        expect(span.start).toBeLessThanOrEqual(position);
        expect(json.slice(span.end, position).trim()).toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});
