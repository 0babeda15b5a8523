import { describe, expect, it } from 'vitest';
import { diagnostics } from '../../src/languageService/diagnostics';
import { defaultSettings } from '../../src/protocol/settings';
import type { OpenDataset } from '../../src/server/openDataset';
import { alpaca, exampleDataset } from './support/exampleDataset';

const severities = ['', 'error', 'warning', 'information'];

/** `line:text under the squiggle` severity rule: message */
function listed(dataset: OpenDataset): string[] {
  return diagnostics(dataset).map(({ range: { start, end }, severity = 0, code, message }) => {
    const text = dataset.lineText(start.line).slice(start.character, end.character);
    return `${start.line + 1}:${text} ${severities[severity] ?? ''} ${String(code)}: ${typeof message === 'string' ? message : message.value}`;
  });
}

describe('problems', () => {
  it('are none in a good file', () => {
    const dataset = exampleDataset(`${alpaca('a', 'b')}\n\n${alpaca('c', 'd')}\n`);
    expect(listed(dataset)).toEqual([]);
  });

  it('stand on the value or the name that they are about', () => {
    const dataset = exampleDataset([alpaca('Say nothing.', ''), '{"instruction":"x","output":"y","output":"z"}', '{"messages":[{"role":"robot","content":"x"},{"role":"assistant","content":"y"}]}'].join('\n'));
    expect(listed(dataset).map((problem) => problem.replace(/ (error|warning|information) ([\w-]+): .*/u, ' $1 $2'))).toEqual([
      '1:"" warning empty-response',
      '2:"output" warning duplicate-key',
      '3:"robot" warning unknown-role',
      '3:{"role":"assistant","content":"y"} warning role-order',
      '3:{ warning empty-prompt',
      '3:{ information mixed-shapes',
    ]);
  });

  it('name what is no record', () => {
    expect(listed(exampleDataset('{"instruction": "x", "output": }\n[1]\n"text"\n{"foo": 1}')).map((problem) => problem.replace(/ (error|warning|information) ([\w-]+): .*/u, ' $1 $2'))).toEqual([
      '1:} error broken-json',
      '2:[1] error not-an-object',
      '3:"text" error not-an-object',
      '4:{"foo": 1} error unknown-shape',
    ]);
  });

  it('take the same one of two equally common shapes for the usual one, whichever was read first', () => {
    const chat = '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}';
    const usual = (lines: readonly string[]) => {
      const dataset = exampleDataset(lines.join('\n'));
      return listed(dataset).map((problem) => /file of mostly (\w+)/u.exec(problem)?.[1]);
    };
    expect(usual([alpaca('a', 'b'), chat])).toEqual(usual([chat, alpaca('a', 'b')]));
  });

  it('tell of mixed shapes on the rarer ones, of duplicates on the later ones, and of wrong encodings', () => {
    const messages = '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}';
    const dataset = exampleDataset([alpaca('a', 'b'), messages, alpaca('a', 'b'), alpaca('caf\uFFFD', 'd')].join('\n'));
    expect(listed(dataset)).toEqual([
      `4:{ warning not-utf8: The line holds U+FFFD (�), which stands for bytes that could not be read: was the file saved in another encoding than UTF-8?`,
      `2:{ information mixed-shapes: This record has the shape messages in a file of mostly Alpaca: most trainers read one shape a file.`,
      `3:{ information duplicate-record: The same conversation stands on line 1.`,
    ]);
  });

  it('are counted beyond the first few of a rule', () => {
    const dataset = exampleDataset(Array.from({ length: 12 }, () => '[1]').join('\n'), { settings: { problems: { ...defaultSettings.problems, maximumPerRule: 3 } } });
    const all = listed(dataset);
    expect(all).toHaveLength(4);
    expect(all[3]).toBe('3:[1] information not-an-object: … and 9 more lines with this problem (not-an-object).');
  });

  it('of a trainer check stay until the line is edited', () => {
    const dataset = exampleDataset(alpaca('a', 'b'));
    const line = dataset.lines.handle(0);
    if (line) dataset.lines.setFindings(line, [{ rule: 'trl-sft/missing-field', message: 'No messages.', severity: 'error', path: ['output'] }]);
    expect(listed(dataset)).toEqual(['1:"b" error trl-sft/missing-field: No messages.']);
    dataset.change([{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: ' ' }], 2);
    dataset.parsed(0);
    expect(listed(dataset)).toEqual([]);
  });

  it('stand on the part of a text that they are about, escapes and all', () => {
    const dataset = exampleDataset(['{"instruction":"x","output":"tab\\t caf\\u00c3\\u00a9"}', '{"instruction":"x","output":"I\'m sorry, but I can\'t help with that. Bye."}', '{"instruction":"y","output":"\\ud83d"}'].join('\n'));
    expect(listed(dataset)).toEqual([
      '1:\\u00c3\\u00a9 warning mojibake: UTF-8 was read in another encoding: Ã© should read é.',
      "2:I'm sorry, but I can't help with that warning refusal: The response begins as a refusal does: a model learns to refuse from it.",
      '3:\\ud83d warning lone-surrogate: The text holds half of a character (a lone surrogate), which no trainer can encode: replace it.',
      '2:{ information duplicate-prompt: The prompt of line 1 stands here with another response.',
    ]);
  });

  it('of duplicates name the other lines, the larger groups first', () => {
    const copies = [...Array.from({ length: 9 }, () => alpaca('a', 'b')), alpaca('c', 'd'), alpaca('c', 'd'), alpaca('c', 'e')];
    const dataset = exampleDataset(copies.join('\n'), { settings: { problems: { ...defaultSettings.problems, maximumPerRule: 8 } } });
    const all = diagnostics(dataset);
    expect(all.map(({ range, code }) => `${range.start.line + 1} ${String(code)}`)).toEqual([...[2, 3, 4, 5, 6, 7, 8, 9].map((line) => `${line} duplicate-record`), '9 duplicate-record', '12 duplicate-prompt']);
    expect(all[0]?.relatedInformation?.map(({ location, message }) => `${location.range.start.line + 1} ${message}`)).toEqual(['1 a', '3 a', '4 a', '5 a', '6 a … and on 3 more lines']);
    expect(all.at(-1)?.relatedInformation?.map(({ location }) => location.range.start.line + 1)).toEqual([10, 11]);
  });

  it('tell of a column that nothing reads once, of a slip on each line', () => {
    const dataset = exampleDataset(['{"instruction":"a","output":"b","foo":1}', '{"instruction":"c","ouput":"d","foo":1}'].join('\n'));
    expect(listed(dataset)).toEqual([
      '2:{ warning no-response: The record has no response: it can be answered, but not scored.',
      '2:"ouput" warning unknown-field: No shape reads the field "ouput": did you mean "output"?',
      '1:"foo" information unknown-field: No shape reads the field "foo": it is in 2 of 2 records.',
    ]);
  });

  it('are as loud as the person set their rules', () => {
    const lines = [alpaca('a', ''), alpaca('b', "I'm sorry, but I can't help with that."), alpaca('b', 'x'), '[1]'].join('\n');
    const severity = { refusal: 'error', 'empty-response': 'off', 'duplicate-prompt': 'off', 'trl-sft/*': 'hint' } as const;
    const dataset = exampleDataset(lines, { settings: { problems: { ...defaultSettings.problems, severity } } });
    expect(listed(dataset).map((problem) => problem.replace(/:.*?(error|warning|information) ([\w-]+): .*/u, ' $1 $2'))).toEqual(['2 error refusal', '4 error not-an-object']);
  });

  it('are no more than an editor keeps, and errors come first', () => {
    const lines = Array.from({ length: 1200 }, (_, index) => (index % 2 === 0 ? '[1]' : alpaca(`caf\u00c3\u00a9 ${index}`, '')));
    const dataset = exampleDataset(lines.join('\n'), { settings: { problems: { ...defaultSettings.problems, maximumPerRule: 1000 } } });
    const all = diagnostics(dataset);
    expect(all.length).toBeLessThanOrEqual(1000);
    expect(all[0]).toMatchObject({ code: 'not-an-object', severity: 1 });
    expect(all.filter(({ message }) => typeof message === 'string' && message.startsWith('… and ')).map(({ message }) => message)).toEqual([
      '… and 268 more lines with this problem (not-an-object).',
      '… and 268 more lines with this problem (empty-response).',
      '… and 268 more lines with this problem (mojibake).',
    ]);
  });
});
