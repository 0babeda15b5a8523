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

  it('stand on the value that they are about', () => {
    const dataset = exampleDataset([alpaca('Say nothing.', ''), '{"instruction":"x","output":"y","output":"z"}', '{"messages":[{"role":"robot","content":"x"},{"role":"assistant","content":"y"}]}'].join('\n'));
    expect(listed(dataset).map((problem) => problem.replace(/ (error|warning|information) ([\w-]+): .*/u, ' $1 $2'))).toEqual([
      '1:"" warning empty-response',
      '2:"z" warning duplicate-key',
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
      `2:{ information mixed-shapes: This record has the shape messages in a file of mostly Alpaca: most trainers read one shape a file.`,
      `3:{ information duplicate-record: The same conversation stands on line 1.`,
      `4:{ warning not-utf8: The line holds U+FFFD (�), which stands for bytes that could not be read: was the file saved in another encoding than UTF-8?`,
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
});
