import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partArray } from '../../../../src/core/record/json/partArray';
import { applyChanges } from '../../../../src/core/record/json/textChanges';

/** The array's elements as lines, or where it is broken. */
function parted(json: string): string | number {
  const work = partArray(json);
  let step = work.next();
  while (step.done !== true) step = work.next();
  return 'brokenAt' in step.value ? step.value.brokenAt : applyChanges(json, step.value);
}

describe('writing the elements of an array as lines', () => {
  it.each([
    ['on one line', '[{"a": 1}, {"b" :2.50}]', '{"a": 1}\n{"b" :2.50}'],
    ['an element a line', '[\n{"a": 1},\n{"b": 2}\n]\n', '{"a": 1}\n{"b": 2}\n'],
    ['commas first', '[{"a": 1}\n,{"b": 2}\n]', '{"a": 1}\n{"b": 2}'],
    ['indented', JSON.stringify([{ a: 1, b: [] }, { c: 'x y' }], null, 2), '{"a": 1,"b": []}\n{"c": "x y"}'.replace(',"b"', ', "b"')],
    ['a comma too many', '[{"a": 1},]', '{"a": 1}'],
    ['no commas', '[{"a": 1}\n{"b": 2}]', '{"a": 1}\n{"b": 2}'],
    ['cut off after an element', '[\n{"a": 1},\n', '{"a": 1}\n'],
    ['elements that can be repaired', "[{'a': NaN}, {\"b\": 2,}]", '{"a": null}\n{"b": 2}'],
    ['after a mark', '\ufeff [{"a": 1}]', '\ufeff{"a": 1}'],
    ['brackets in texts', '[{"a": "}],["}, {"b": "\\"]"}]', '{"a": "}],["}\n{"b": "\\"]"}'],
  ])('%s', (_, json, lines) => {
    expect(parted(json)).toBe(lines);
  });

  it.each([
    ['an element that is cut off', '[{"a": 1}, {"b": ', 11],
    ['an element that means nothing', '[{"a": x}]', 1],
    ['words between elements', '[{"a": 1} and {"b": 2}]', 10],
    ['something after the array', '[{"a": 1}] {"b": 2}', 11],
  ])('says where it is broken: %s', (_, json, at) => {
    expect(parted(json)).toBe(at);
  });

  it('keeps every value, however the array is written', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { minLength: 1 }), fc.constantFrom(undefined, 0, 1, 2), (items, indent) => {
        const lines = String(parted(JSON.stringify(items, null, indent))).split('\n');
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(items)));
      }),
      { numRuns: 200 },
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '1', '\n', ' ', '"a"', '\\', '{"a":1}'), { maxLength: 20 }), (pieces) => void parted(`[${pieces.join('')}`)), { numRuns: 2000 });
  });
});
