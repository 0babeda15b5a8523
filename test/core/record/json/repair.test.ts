import { describe, expect, it } from 'vitest';
import { repairJson } from '../../../../src/core/record/json/repair';

/** What is broken, the line, the line repaired, and the causes in the order of the text. */
const repaired: readonly (readonly [what: string, broken: string, whole: string, causes: string])[] = [
  ["a Python dictionary", `{'a': 'it\\'s "q"', 'b': None, "c": [True, False], 'd': "it's"}`, `{"a": "it's \\"q\\"", "b": null, "c": [true, false], "d": "it's"}`, 'single-quotes bad-escape foreign-word'],
  ["Python's escapes", `{'a': '\\xe9\\n\\t\\\\ \\u00e9 \\U0001F600'}`, `{"a": "\\u00e9\\n\\t\\\\ \\u00e9 \\ud83d\\ude00"}`, 'single-quotes bad-escape'],
  ['curly quotes', '{“a”: “b "c" d”}', '{"a": "b \\"c\\" d"}', 'single-quotes'],
  ['backticks', '{"a": `b`}', '{"a": "b"}', 'single-quotes'],
  ['names without quotes', '{a: 1, $b_2 : {c-d:2}}', '{"a": 1, "$b_2" : {"c-d":2}}', 'unquoted-name'],
  ['a comma before }', '{"a": 1 , }', '{"a": 1  }', 'trailing-comma'],
  ['a comma before ]', '{"a": [1,2,]}', '{"a": [1,2]}', 'trailing-comma'],
  ['a comma after the record', '{"a": 1},', '{"a": 1}', 'trailing-comma'],
  ['two commas', '{"a": 1,, "b": 2}', '{"a": 1, "b": 2}', 'extra-comma'],
  ['a missing comma', '{"a": 1 "b": "x" "c": [] "d": 1}', '{"a": 1, "b": "x", "c": [], "d": 1}', 'missing-comma'],
  ['a missing comma between objects', '{"a": [{} {}]}', '{"a": [{}, {}]}', 'missing-comma'],
  ['NaN and its like', '{"a": NaN, "b": -Infinity, "c": [nan, undefined]}', '{"a": null, "b": null, "c": [null, null]}', 'foreign-word'],
  ['numbers of other languages', '{"a": .5, "b": 5., "c": +1, "d": -.5e3, "e": 1.}', '{"a": 0.5, "b": 5.0, "c": 1, "d": -0.5e3, "e": 1.0}', 'foreign-number'],
  ['control characters in a text', '{"a": "b\tc\u0000d\r"}', '{"a": "b\\tc\\u0000d\\r"}', 'control-character'],
  ['backslashes that begin no escape', '{"a": "C:\\data\\users \\( \\u12"}', '{"a": "C:\\\\data\\\\users \\\\( \\\\u12"}', 'bad-escape'],
  ['quotation marks inside a text', '{"a": "he said "hi", "you" and left", "b": "x"}', '{"a": "he said \\"hi\\", \\"you\\" and left", "b": "x"}', 'unescaped-quote'],
  ['quotation marks inside the last text', '{"a": "he said "hi" loudly\t"}', '{"a": "he said \\"hi\\" loudly\\t"}', 'unescaped-quote control-character'],
  ['two records', '{"a": 1}{"b": 2} {"c": 3}', '{"a": 1}\n{"b": 2}\n{"c": 3}', 'concatenated'],
  ['two records with a comma', '{"a": 1}, {"b": 2},', '{"a": 1}\n{"b": 2}', 'concatenated trailing-comma'],
  ['two files, joined', '{"a": 1}\ufeff{"b": 2}', '{"a": 1}\n{"b": 2}', 'concatenated'],
  ['a mark inside', '{"a": \ufeff1}', '{"a": 1}', 'byte-order-mark'],
  ['the mark at the start stays', '\ufeff{"a": 1,}', '\ufeff{"a": 1}', 'trailing-comma'],
  ['brackets too many', '{"a": [1]}]}', '{"a": [1]}', 'extra-bracket'],
  ['comments', '{"a": /* one */ 1} // two', '{"a":  1} ', 'comment'],
  ['spaces of a word processor', '{"a":\u00a01}', '{"a": 1}', 'odd-space'],
  ['a text with line breaks', '{"a": "b\n\nc"}', '{"a": "b\\n\\nc"}', 'line-break'],
  ['a record over lines', '{\n  "a": 1, // one\n  "b":\n    [\n1,\n  2\n ]\n,}', '{"a": 1, "b": [1, 2]}', 'spread comment trailing-comma'],
  ['two records over lines', '{\n  "a": 1\n}\n{\n  "b": 2\n}', '{"a": 1}\n{"b": 2}', 'spread'],
  ['what is right stays', '{"a"   :  1.50 , "b":1e5,"b": 00.5 }'.replace('00.5', '"\\u0041\\/"') + '}', '{"a"   :  1.50 , "b":1e5,"b": "\\u0041\\/" }', 'extra-bracket'],
];

const refused: readonly (readonly [what: string, line: string])[] = [
  ['what is right', '{"a": "b", "c": [1, 2.50e3, null, true], "d": {}}'],
  ['an empty line', '  '],
  ['a text that is cut off', '{"a": "b'],
  ['a record that is cut off', '{"a": 1'],
  ['a missing value', '{"a": }'],
  ['a missing value before a comma', '{"a": , "b": 1}'],
  ['a hole in a list', '[1,,2]'],
  ['a missing colon', '{"a" "b"}'],
  ['bare words', '{"a": hello}'],
  ['leading zeros', '{"a": 007}'],
  ['other bases', '{"a": 0x1F}'],
  ['the wrong bracket', '{"a": [1}]'],
  ['words after the record', '{"a": 1} done'],
  ['no record at all', "'hello'"],
  ['an apostrophe in single quotes', "{'a': 'it's'}"],
  ['quotation marks as in CSV', '{"a": "say ""hi"" now"}'],
  ['one quotation mark inside a text', '{"a": "5" tall"}'],
  ['two texts side by side in a list', '["a" "b"]'],
  ['a comment that takes the rest along', '{"a": 1, // "b": 2}'],
  ['a comment that never ends', '{"a": 1} /* b'],
  ['a backslash before a line break', '{"a": "b\\\nc"}'],
  ['brackets without end', '['.repeat(2000)],
];

/** Cut off, and closed. */
const closed: readonly (readonly [line: string, whole: string])[] = [
  ['{"a": "b', '{"a": "b"}'],
  ['{"a": "b\\', '{"a": "b"}'],
  ['{"a": "b\\u00', '{"a": "b"}'],
  ["{'a': 'b", '{"a": "b"}'],
  ['{"a": 1', '{"a": 1}'],
  ['{"a": 1, ', '{"a": 1}'],
  ['{"a": 1, "b', '{"a": 1}'],
  ['{"a": 1, "b"', '{"a": 1}'],
  ['{"a": 1, "b": ', '{"a": 1}'],
  ['{"a": 1, "b": tr', '{"a": 1}'],
  ['{"a": [1, fal', '{"a": [1]}'],
  ['{"a": [nul', '{"a": []}'],
  ['{"a', '{}'],
  ['{', '{}'],
  ['{"messages": [{"role": "user", "content": "x"}, {"role": "assis', '{"messages": [{"role": "user", "content": "x"}, {"role": "assis"}]}'],
];

describe('repairing a line', () => {
  it.each(repaired)('%s: %s', (_, broken, whole, causes) => {
    const repair = repairJson(broken);
    expect([repair?.text, repair?.causes.join(' ')]).toEqual([whole, causes]);
  });

  it.each(refused)('leaves alone %s: %s', (_, line) => {
    expect(repairJson(line)).toBeUndefined();
  });

  it.each(closed)('closes %s', (line, whole) => {
    expect(repairJson(line)).toBeUndefined();
    expect(repairJson(line, { close: true })?.text).toBe(whole);
  });

  it.each(['', 'x', '"a', '[}', '{"a": x y', '{"a": "b"}'])('closes nothing in %s', (line) => {
    expect(repairJson(line, { close: true })).toBeUndefined();
  });
});
