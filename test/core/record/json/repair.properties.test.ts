import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairJson } from '../../../../src/core/record/json/repair';

/** What is in a record, as hostile as it gets. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', "'", '\\', '\n', '\t', ',', ':', '{', '}', '[', ']', '/', '#', ' ', 'a', 'é', '😀', '“') }));
const leaf = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null));
const name = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom('instruction', 'output', 'a'));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(name, tie('any'), { maxKeys: 3 })),
})).any;
const record = fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 });
/** What a record reads as: -0 is written 0. */
const same = (json: string) => JSON.parse(json) as unknown;

/** A value as another language would write it. */
function write(value: unknown, style: { readonly quote: (text: string) => string; readonly words: Readonly<Record<string, string>>; readonly trailing: string }): string {
  if (typeof value === 'string') return style.quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, style)).join(', ')}${value.length > 0 ? style.trailing : ''}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, item]) => `${style.quote(key)}: ${write(item, style)}`);
    return `{${fields.join(', ')}${fields.length > 0 ? style.trailing : ''}}`;
  }
  const json = JSON.stringify(value);
  return style.words[json] ?? json;
}

/** Python's `repr` of a text: single quotes, or double ones around single ones. */
function pythonText(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = Array.from(text, (character) => {
    const unit = character.charCodeAt(0);
    if (character === mark || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0xa0)) return `\\x${unit.toString(16).padStart(2, '0')}`;
    if (unit >= 0xd800 && unit < 0xe000 && character.length === 1) return `\\u${unit.toString(16)}`;
    return character.length > 1 ? `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}` : character;
  });
  return mark + body.join('') + mark;
}

const plain = { quote: (text: string) => JSON.stringify(text), words: {}, trailing: '' };
const rawControls = (text: string) => JSON.stringify(text).replace(/\\[nrtbf]/g, (escape, at: number, whole: string) => (/(?:^|[^\\])(?:\\\\)*$/.test(whole.slice(0, at)) ? String(JSON.parse(`"${escape}"`)) : escape));

const breakings: readonly (readonly [what: string, write: (value: object) => string])[] = [
  ['as Python writes a dictionary', (item) => write(item, { quote: pythonText, words: { true: 'True', false: 'False', null: 'None' }, trailing: '' })],
  ['with trailing commas', (item) => write(item, { ...plain, trailing: ',' })],
  ['with NaN for null', (item) => write(item, { ...plain, words: { null: 'NaN' } })],
  ['with unescaped line breaks and tabs', (item) => write(item, { ...plain, quote: rawControls })],
  ['indented over lines', (item) => JSON.stringify(item, null, 2)],
  ['with a comma after it', (item) => `${JSON.stringify(item)},`],
  ['with a mark after it', (item) => `${JSON.stringify(item)}\ufeff`],
  ['with a bracket too many', (item) => `${JSON.stringify(item)}}`],
  ['with a comment after it', (item) => `${JSON.stringify(item)} // "note"`],
];

describe('repairing any record', () => {
  it.each(breakings)('%s', (_, spoil) => {
    fc.assert(
      fc.property(record, (item) => {
        const json = JSON.stringify(item);
        const spoiled = spoil(item);
        if (spoiled === json) expect(repairJson(spoiled)).toBeUndefined();
        else expect(same(repairJson(spoiled)?.text ?? spoiled)).toEqual(same(json));
      }),
      { numRuns: 300 },
    );
  });

  it('parts records that stand on one line', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 4 }), fc.constantFrom('', ' ', ', ', '\ufeff'), (items, gap) => {
        const lines = items.map((item) => JSON.stringify(item));
        expect(repairJson(lines.join(gap))?.text).toBe(lines.join('\n'));
      }),
    );
  });

  it('closes a record wherever it is cut off, and keeps every field that was whole', () => {
    fc.assert(
      fc.property(record, fc.nat(), (item, at) => {
        const json = JSON.stringify(item);
        const cut = json.slice(0, 1 + (at % (json.length - 1)));
        fc.pre(!/[-.eE]\d*$|\d$/.test(cut));
        const whole = repairJson(cut, { close: true })?.text;
        expect(whole).toBeDefined();
        const closed = same(whole ?? '') as Record<string, unknown>;
        const fields = Object.keys(closed);
        expect(Object.keys(item).slice(0, fields.length).sort()).toEqual(fields.sort());
        for (const field of Object.keys(item).slice(0, Math.max(0, fields.length - 1))) expect(closed[field]).toEqual((same(json) as Record<string, unknown>)[field]);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves valid lines alone', () => {
    fc.assert(fc.property(value, (item) => repairJson(JSON.stringify(item)) === undefined && repairJson(JSON.stringify(item), { close: true }) === undefined));
  });
});

describe('repairing any text', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', "'", '"a"', '"b":', "'c'", '\\', '\\u00', 'é', '1', '-', '.5', 'null', 'NaN', 'True', 'x', ' ', '\t', '\n', '/', '//', '/*', '*/', '#', '\ufeff', '\u00a0', '“', '”', '\u0000', '\ud800');

  it('gives nothing, or lines of JSON that differ in what the changes say', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.boolean(), (pieces, close) => {
        const json = pieces.join('');
        const repair = repairJson(json, { close });
        if (!repair) return;
        for (const line of repair.text.split('\n')) if (line.trim() !== '') expect(() => same(line.replace(/^\ufeff/, ''))).not.toThrow();
        let end = 0;
        for (const change of repair.changes) {
          expect(change.start).toBeGreaterThanOrEqual(end);
          expect(change.end).toBeGreaterThanOrEqual(change.start);
          end = change.end;
        }
        expect(repairJson(repair.text)).toBeUndefined();
        expect(repair.causes).not.toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['[', '{"a":', '"', "'", '\\', '{}', '"a" ', "{'a", '“', '/*', '//', '\ufeff', '{"a": "b"c', '{"a": "b",', '\u00a0', '{"a":1, "', '{"a": "b" "', '[[1,],', "{'a':'b\"c','d':[NaN,", '\n{'])('takes a time that grows with the text: %j', (unit) => {
    for (const end of ['', ']}']) {
      const hostile = unit.repeat(Math.ceil(50_000 / unit.length)) + end;
      expect(() => repairJson(hostile)).not.toThrow();
      expect(() => repairJson(hostile, { close: true })).not.toThrow();
    }
  });
});
