import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonPath } from '../../../src/core/record/conversation';
import { applySplice, locate, spliceText } from '../../../src/core/record/splice';

function textAt(line: string, path: JsonPath): string | undefined {
  const span = locate(line, path);
  return span && line.slice(span.start, span.end);
}

describe('where a value stands', () => {
  const line = '\t{ "id" : 1.0e5 , "a\\u0062c" : "x" , "deep":{"list" : [ [] , {"a]\\"}":0} ,"y\\"" ] } }  ';

  it.each([
    [['id'], '1.0e5'],
    [['abc'], '"x"'],
    [['deep', 'list', 0], '[]'],
    [['deep', 'list', 1, 'a]"}'], '0'],
    [['deep', 'list', 2], '"y\\""'],
    [['deep'], '{"list" : [ [] , {"a]\\"}":0} ,"y\\"" ] }'],
    [[], line.trim()],
    [['missing'], undefined],
    [['deep', 'list', 3], undefined],
    [['deep', 'list', '2'], undefined],
    [['abc', 0], undefined],
  ] as [JsonPath, string | undefined][])('%j → %s', (path, expected) => {
    expect(textAt(line, path)).toBe(expected);
  });

  it('is that of the last of several properties with one name, as JSON.parse reads', () => {
    const twice = '{"output":"first","output":"last","m":{"a":"hidden"},"m":{"b":"kept"}}';
    expect([textAt(twice, ['output']), textAt(twice, ['m', 'a']), textAt(twice, ['m', 'b'])]).toEqual(['"last"', undefined, '"kept"']);
  });

  it('counts a byte-order mark', () => {
    expect(locate('\ufeff{"a":"b"}', ['a'])).toEqual({ start: 6, end: 9 });
  });
});

describe('writing one text back', () => {
  it.each([
    ['spacing, order and numbers', '{ "n":1.0e5, "output" : "old" ,"z":-0.0 }', 'new\n"text"', '{ "n":1.0e5, "output" : "new\\n\\"text\\"" ,"z":-0.0 }'],
    ['escapes elsewhere', '{"instruction":"caf\\u00E9","output":"old"}', 'naïve 🎈', '{"instruction":"caf\\u00E9","output":"na\\u00EFve \\uD83C\\uDF88"}'],
    ['lower-case escapes elsewhere', '{"instruction":"caf\\u00e9","output":"old"}', 'naïve', '{"instruction":"caf\\u00e9","output":"na\\u00efve"}'],
    ['plain non-ASCII text', '{"instruction":"café","output":"old"}', 'naïve', '{"instruction":"café","output":"naïve"}'],
    ['an ASCII line, which shows no habit', '{"instruction":"cafe","output":"old"}', 'naïve', '{"instruction":"cafe","output":"naïve"}'],
    ['an escaped backslash before a u', '{"instruction":"\\\\u00e9","output":"old"}', 'naïve', '{"instruction":"\\\\u00e9","output":"naïve"}'],
    ['escaped slashes', '{"instruction":"a\\/b","output":"old"}', 'c/d', '{"instruction":"a\\/b","output":"c\\/d"}'],
    ['plain slashes', '{"instruction":"a/b","output":"old"}', 'c/d', '{"instruction":"a/b","output":"c/d"}'],
    ['a byte-order mark', '\ufeff{"instruction":"\\u00e9","output":"old"}', 'ï', '\ufeff{"instruction":"\\u00e9","output":"\\u00ef"}'],
    ['the first of two properties', '{"output":"hidden","output":"old"}', 'new', '{"output":"hidden","output":"new"}'],
    ['line separators, which editors take for ends of lines', '{"output":"é"}', 'é\u2028\u2029', '{"output":"é\\u2028\\u2029"}'],
    ['half a character', '{"output":"é"}', 'é\ud800', '{"output":"é\\ud800"}'],
  ])('keeps %s', (_what, line, text, expected) => {
    expect(applySplice(line, ['output'], text)).toBe(expected);
  });

  it.each([[['missing']], [['number']], [['list']], [['list', 0, 'deeper']]])('does nothing where no string stands: %j', (path) => {
    const line = '{"number":1,"list":["a"]}';
    expect([spliceText(line, path, 'new'), applySplice(line, path, 'new')]).toEqual([undefined, undefined]);
  });
});

const spaces = fc.constantFrom('', ' ', '\t', '  ', ' \t');
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', '\\', '/', '\n', '\r', '\u2028', '\ud800', '\udc00', 'é', '{', '}', '[', ']', ',', ':', 'u00e9') }));
/** Ways to write one text as a JSON string. */
const writers: readonly ((text: string) => string)[] = [
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(text).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  (text) => `"${[...Array(text.length).keys()].map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')}"`,
];
const written = fc.tuple(anyText, fc.constantFrom(...writers)).map(([text, write]) => write(text));
const spelledNumber = fc.constantFrom('1.0e5', '-0', '1E+2', '12345678901234567890', '0.10', 'true', 'null', '[1,[ ] , {"output" : "decoy"}]');

/** A record's line as some other program might have written it, cut in two where the response's literal stands. */
const oddLine = fc.record({ space: spaces, before: fc.array(fc.tuple(written, fc.oneof(spelledNumber, written))), old: written, after: fc.array(fc.tuple(written, fc.oneof(spelledNumber, written))), mark: fc.boolean() }).map(({ space, before, old, after, mark }) => {
  const property = ([key, value]: readonly [string, string]) => `${space}${key}${space}:${space}${value}${space}`;
  // A generated key that happens to read as `output` would hide or shadow the response: prefix them all.
  const keyed = (list: readonly (readonly [string, string])[]) => list.map(([key, value]) => property([`"k${key.slice(1)}`, value]));
  const head = `${mark ? '\ufeff' : ''}${space}{${[...keyed(before), `${space}"output"${space}:${space}`].join(',')}`;
  const tail = `${[space, ...keyed(after)].join(',')}}${space}`;
  return { head, old, tail };
});

describe('for every line and every text', () => {
  it('a splice changes that text and no other character', () => {
    fc.assert(
      fc.property(oddLine, anyText, ({ head, old, tail }, text) => {
        const line = head + old + tail;
        const spliced = applySplice(line, ['output'], text) ?? '';
        expect(spliced.startsWith(head) && spliced.endsWith(tail)).toBe(true);
        expect(JSON.parse(spliced.replace(/^\ufeff/, ''))).toEqual({ ...(JSON.parse(line.replace(/^\ufeff/, '')) as object), output: text });
        expect(spliced).not.toMatch(/[\n\u2028\u2029]$/);
      }),
      { numRuns: 500 },
    );
  });

  it('a splice adds nothing that ends a line, and no raw character to a line that escapes them all', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const literal = spliceText('{"a":"\\u00e9","output":"x"}', ['output'], text)?.literal ?? '';
        expect(literal).toMatch(/^"[\x20-\x7f]*"$/);
        expect(spliceText('{"output":"x"}', ['output'], text)?.literal).not.toMatch(/[\r\n\u2028\u2029]/);
      }),
    );
  });

  it('writing the present text back in a line of JSON.stringify changes nothing', () => {
    fc.assert(
      fc.property(anyText, anyText, (instruction, output) => {
        const line = JSON.stringify({ instruction, output }).replace(/[\u2028\u2029]/g, (unit) => (unit === '\u2028' ? '\\u2028' : '\\u2029'));
        const hasHabit = line.includes('\\u');
        fc.pre(!hasHabit);
        expect(applySplice(line, ['output'], output)).toBe(line);
      }),
    );
  });
});
