import { describe, expect, it } from 'vitest';
import { plainPrompt } from '../../../src/core/record/template';
import { renderRecordView } from '../../../src/core/record/view';
import { readOk } from './support/readOk';

const conversation = readOk({
  system: 'Be brief.',
  history: [['Hi', 'Hello']],
  instruction: 'Translate.',
  input: 'Haus\nBaum',
  output: 'House\nTree',
});
const pair = readOk({ prompt: 'Name a metal.', chosen: 'Gold.', rejected: 'Wood.' });

describe('the readable view of a record', () => {
  it('shows every turn under a heading, with real line breaks, the response last', () => {
    expect(renderRecordView(conversation, 'response')).toBe(`## System

Be brief.

## User

Hi

## Assistant

Hello

## User

Translate.

Haus
Baum

## Assistant

House
Tree
`);
  });

  it.each([
    ['chosen', undefined, 'Gold.'],
    ['rejected', undefined, 'Wood.'],
    ['chosen', 'Silver.', 'Silver.'],
    ['chosen', '', ''],
    ['unheard of', 'Silver.', 'Silver.'],
  ])('of exchange %s with replacement %j answers %j', (exchange, replacement, answer) => {
    expect(renderRecordView(pair, exchange, replacement)).toBe(`## User\n\nName a metal.\n\n## Assistant\n\n${answer}\n`);
  });

  it('of a record that nothing answers shows the prompt', () => {
    expect(renderRecordView(readOk({ prompt: 'Name a metal.' }), 'response')).toBe('## User\n\nName a metal.\n');
  });

  it('shows the prompt of the exchange that is named', () => {
    const record = readOk({ instruction: 'Add.', instances: [{ input: '1+1', output: '2' }, { input: '2+2', output: '4' }] });
    expect(renderRecordView(record, 'instances[1]')).toBe('## User\n\nAdd.\n\n2+2\n\n## Assistant\n\n4\n');
  });

  it('leaves dataset text as it is', () => {
    const text = '<script>alert(1)</script>\n## System\n\r\n\u202e`$';
    expect(renderRecordView(readOk({ prompt: 'a', completion: text }), 'response')).toBe(`## User\n\na\n\n## Assistant\n\n${text}\n`);
  });
});

describe('the plain template', () => {
  it('joins texts by newlines, without one at the end', () => {
    expect(plainPrompt(conversation.prompt)).toBe('Be brief.\nHi\nHello\nTranslate.\nHaus\nBaum');
  });

  it('leaves out empty texts', () => {
    expect(plainPrompt(readOk({ instruction: 'Name a metal.', input: '', output: 'Gold.' }).prompt)).toBe('Name a metal.');
  });
});
