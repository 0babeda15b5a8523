import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../../../../src/core/record/conversation';
import { otherFields } from '../../../../src/core/record/recordDocument/otherFields';
import { documentVersion, frontMatter, readRecordDocument } from '../../../../src/core/record/recordDocument/read';
import { recordSections, recordVersion, type RecordSection } from '../../../../src/core/record/recordDocument/sections';
import { writeRecordDocument } from '../../../../src/core/record/recordDocument/write';
import { applySplice, locate } from '../../../../src/core/record/splice';
import { readOk } from '../support/readOk';

/** What editors and file systems do to a text that lies in a file. */
function throughEditor(document: string, endOfLine: '\n' | '\r\n' = '\n'): string {
  const bytes = new TextEncoder().encode(document.replaceAll('\n', endOfLine));
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

function textsOf(document: string, sections: readonly RecordSection[]): readonly string[] {
  const read = readRecordDocument(document, sections);
  if (!read.ok) throw new Error(`line ${read.line + 1}: ${read.message}`);
  return read.texts;
}

/** Records of every shape, each made of as many texts as it has places. */
const shapes: Readonly<Record<string, (text: () => string) => object>> = {
  alpaca: (text) => ({ id: 7, system: text(), history: [[text(), text()]], instruction: text(), input: text(), output: text() }),
  messages: (text) => ({ messages: [{ role: 'system', content: text() }, { role: 'user', content: [{ type: 'text', text: text() }, { type: 'image', url: 'x' }, { type: 'text', text: text() }] }, { role: 'assistant', content: text() }, { role: 'tool', content: text() }, { role: 'assistant', content: text() }] }),
  sharegpt: (text) => ({ system: text(), conversations: [{ from: 'human', value: text() }, { from: 'gpt', value: text() }], tags: ['a'] }),
  'prompt/completion': (text) => ({ prompt: text(), completion: text() }),
  'prompt/completion lists': (text) => ({ prompt: [{ role: 'user', content: text() }], completion: [{ role: 'assistant', content: text() }] }),
  preference: (text) => ({ prompt: text(), chosen: text(), rejected: text() }),
  'whole conversations': (text) => ({ chosen: [{ role: 'user', content: text() }, { role: 'assistant', content: text() }], rejected: [{ role: 'user', content: text() }, { role: 'assistant', content: text() }] }),
  'query/response': (text) => ({ instruction: text(), query: text(), response: text() }),
  magpie: (text) => ({ instruction: text(), response: text(), responses: [text(), text()] }),
  'Self-Instruct': (text) => ({ instruction: text(), instances: [{ input: text(), output: text() }, { input: text(), output: text() }] }),
  unanswered: (text) => ({ instruction: text(), input: text() }),
};

/** Strings that the document itself is made of, and what editors do not keep. */
const delimiters = ['## User', '## Assistant (chosen)', '## Input  ', '---', '````text', '````text ', '````', '`````', '```python', '# version 0123456789abcdef', '⟨U+000D⟩', '⟨U+', '27E8⟩', '⟨', '⟩', 'U+000A⟩', '\n', '\n\n', '\r\n', '\r', ' ', '\t', '\\', '\u0000', '\u0085', '\u2028', '\ufeff', '\ud800', '\udc00', '🎈', '\u202e', 'é', 'word'];
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...delimiters), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...delimiters), { maxLength: 8 }).map((parts) => parts.join('\n')),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'grapheme' }),
);

/** A record of some shape, and how many texts it has. */
const anyRecord = fc.constantFrom(...Object.values(shapes)).chain((make) => {
  let places = 0;
  make(() => String(places++));
  return fc.array(anyText, { minLength: places, maxLength: places }).map((texts) => {
    let next = 0;
    return { line: JSON.stringify(make(() => texts[next++] ?? '')), places };
  });
});

describe('sections', () => {
  it.each(Object.entries(shapes))('hold every text of a record of the shape %s once', (_shape, make) => {
    let places = 0;
    const record = readOk(make(() => `text ${places++}`));
    expect(recordSections(record).map(({ text }) => text).toSorted()).toEqual(Array.from({ length: places }, (_, place) => `text ${place}`).toSorted());
  });

  it.each([
    ['alpaca', ['## System', '## User', '## Assistant', '## User', '## Input', '## Assistant']],
    ['messages', ['## System', '## User', '## User', '## Assistant', '## Tool', '## Assistant']],
    ['preference', ['## User', '## Assistant (chosen)', '## Assistant (rejected)']],
    ['whole conversations', ['## User (chosen)', '## Assistant (chosen)', '## User (rejected)', '## Assistant (rejected)']],
    ['magpie', ['## User', '## Assistant (response)', '## Assistant (responses[0])', '## Assistant (responses[1])']],
    ['Self-Instruct', ['## User', '## Input (instances[0])', '## Assistant (instances[0])', '## Input (instances[1])', '## Assistant (instances[1])']],
    ['unanswered', ['## User', '## Input']],
  ])('of %s have these headings', (shape, headings) => {
    let places = 0;
    expect(recordSections(readOk(shapes[shape]?.(() => `${places++}`) ?? {})).map(({ heading }) => heading)).toEqual(headings);
  });

  it('have a version that changes when a text moves from one place to another', () => {
    const version = (record: DataRecord) => recordVersion(recordSections(record));
    const [before, after] = [readOk({ instruction: 'a\nb', input: '', output: 'c' }), readOk({ instruction: 'a', input: 'b', output: 'c' })];
    expect(before.key).toBe(after.key);
    expect(version(before)).not.toBe(version(after));
    expect(version(before)).toBe(version(readOk('{"id": 1, "output":"c","input" : "", "instruction":"a\\u000ab"}')));
  });
});

describe('the document', () => {
  it('reads as Markdown, with what is no text in comments before it', () => {
    const sections = recordSections(readOk({ system: 'Be brief.', instruction: 'Give three tips:\n\n- eat\n- sleep', input: '', output: '```python\n# User\n```' }));
    expect(writeRecordDocument(sections, ['Line 3', 'id: 7'])).toBe(
      ['---', '# Line 3', '# id: 7', `# version ${recordVersion(sections)}`, '---', '', '## System', '', 'Be brief.', '', '## User', '', 'Give three tips:', '', '- eat', '- sleep', '', '## Input', '', '## Assistant', '', '```python', '# User', '```', ''].join('\n'),
    );
  });

  it('spells what an editor would lose, and says so', () => {
    const document = writeRecordDocument(recordSections(readOk({ instruction: 'a\rb\ud800', output: '\nNext ⟨U+000D⟩.\n' })), []);
    expect(document).toContain('# ⟨U+000D⟩ and the like stand for characters');
    expect(document).toContain('\na⟨U+000D⟩b⟨U+D800⟩\n');
    expect(document).toContain('\n⟨U+000A⟩Next ⟨U+27E8⟩U+000D⟩.⟨U+000A⟩\n');
  });

  it('puts a text with lines like its headings into a fence that the text cannot close', () => {
    const document = writeRecordDocument(recordSections(readOk({ instruction: 'Quote:\n````\n## User\n````', output: '````text' })), []);
    expect(document).toContain('\n`````text\nQuote:\n````\n## User\n````\n`````\n');
    expect(document).toContain('\n`````text\n````text\n`````\n');
    expect(document).toContain('# A text that holds lines like the headings');
  });

  it('cannot be broken out of by what its comments tell', () => {
    const sections = recordSections(readOk({ instruction: 'a', output: 'b' }));
    const document = writeRecordDocument(sections, ['tags: "\n---\n## User\r\u2028\u202e"']);
    expect(document.split('\n')[1]).toBe('# tags: " --- ## User ⟨U+2028⟩⟨U+202E⟩"');
    expect(textsOf(document, sections)).toEqual(['a', 'b']);
  });

  it('gives back every string as it was, through an editor and a file of UTF-8', () => {
    fc.assert(
      fc.property(anyRecord, fc.constantFrom('\n' as const, '\r\n' as const), ({ line, places }, endOfLine) => {
        const sections = recordSections(readOk(line));
        expect(sections).toHaveLength(places);
        const document = writeRecordDocument(sections, [line]);
        expect(textsOf(document, sections)).toEqual(sections.map(({ text }) => text));
        const saved = throughEditor(document, endOfLine);
        expect(textsOf(saved, sections)).toEqual(sections.map(({ text }) => text));
        expect(documentVersion(saved)).toBe(recordVersion(sections));
      }),
      { numRuns: 2000 },
    );
  });

  it('carries any string into its text and leaves the rest of the line as it was', () => {
    fc.assert(
      fc.property(anyRecord, anyText, fc.nat(), ({ line, places }, text, choice) => {
        const sections = recordSections(readOk(line));
        const chosen = sections[choice % places];
        if (!chosen) return;
        const document = writeRecordDocument(sections.map((section) => (section === chosen ? { ...section, text } : section)), []);
        const texts = textsOf(throughEditor(document), sections);
        const changed = sections.filter((section, index) => section.text !== texts[index]);
        expect(changed).toEqual(chosen.text === text ? [] : [chosen]);
        const spliced = applySplice(line, chosen.path, texts[sections.indexOf(chosen)] ?? '') ?? '';
        expect(recordSections(readOk(spliced)).map((section) => section.text)).toEqual(sections.map((section) => (section === chosen ? text : section.text)));
        const [before, after] = [locate(line, chosen.path), locate(spliced, chosen.path)];
        expect([spliced.slice(0, after?.start), spliced.slice(after?.end)]).toEqual([line.slice(0, before?.start), line.slice(before?.end)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read in time proportional to its length, whatever it holds', () => {
    const text = `${'\n'.repeat(200_000)}x${'\n'.repeat(200_000)}y${' '.repeat(200_000)}${'`'.repeat(200_000)}`;
    const sections = recordSections(readOk({ instruction: text, output: 'b' }));
    expect(textsOf(writeRecordDocument(sections, []), sections)).toEqual([text, 'b']);
  });
});

describe('an edited document', () => {
  const sections = recordSections(readOk({ messages: [{ role: 'user', content: 'One?' }, { role: 'assistant', content: '1.' }, { role: 'user', content: 'Two?' }, { role: 'assistant', content: '2.' }] }));
  const document = writeRecordDocument(sections, ['Line 1']);

  it('may have other blank lines around a text, white space after a heading, a byte-order mark, and no line end at the end', () => {
    const edited = `\ufeff${document.replace('One?', '\n\nOne or two?\n\n\n').replace('## Assistant', '## Assistant  ').trimEnd()}`;
    expect(textsOf(edited, sections)).toEqual(['One or two?', '1.', 'Two?', '2.']);
  });

  it('may have no front matter any more, and then says no version', () => {
    const bare = document.slice(document.indexOf('## User'));
    expect([textsOf(bare, sections), documentVersion(bare), frontMatter(bare)]).toEqual([['One?', '1.', 'Two?', '2.'], undefined, '']);
    expect(frontMatter(document).split('\n')).toEqual(['---', '# Line 1', `# version ${recordVersion(sections)}`, '---']);
  });

  it('takes a text that the person put into a fence', () => {
    expect(textsOf(document.replace('2.', '````text\n## User\nis a heading.\n````'), sections).at(-1)).toBe('## User\nis a heading.');
  });

  it.each([
    ['a heading that is gone', document.replace('## Assistant\n\n1.\n', '1.'), 'The heading `## Assistant` is missing', 10],
    ['the last heading gone', document.replace('## Assistant\n\n2.', '2.'), 'The heading `## Assistant` is missing', document.split('\n').length - 3],
    ['a heading too many', document.replace('1.', '1.\n\n## Tool\n\nMore.'), '`## Tool` would begin a turn that the record does not have', 13],
    ['a heading too many at the end', `${document}\n## User\n`, '`## User` would begin a turn', 21],
    ['a twin of a heading', document.replace('1.', '1.\n## Assistant'), '`## Assistant` would begin a turn', 12],
    ['headings in another order', document.replace('## User', '## Tool'), 'The heading `## User` belongs here', 5],
    ['a heading before its time', document.replace('## User\n\nOne?\n\n## Assistant', '## Assistant\n\nOne?\n\n## User'), 'The heading `## User` belongs here', 5],
    ['text before the first heading', document.replace('## User', 'Hello\n\n## User'), 'This text stands under no heading', 5],
    ['a front matter without an end', document.replace('---\n\n', '\n'), 'The front matter has no end', 0],
    ['a fence without an end', document.replace('1.', '````text\n1.'), 'The fence that begins here is never closed', 11],
    ['text after a fence', document.replace('1.', '````text\n1.\n````\nmore'), 'This text stands after the fence', 14],
    ['nothing at all', '', 'The heading `## User` is missing', 0],
  ])('is refused for %s', (_what, edited, message, line) => {
    const read = readRecordDocument(edited, sections);
    expect(read).toMatchObject({ ok: false, line });
    expect(read.ok ? '' : read.message).toContain(message);
  });
});

describe('other fields', () => {
  it('are all that the shape does not read, as the line spells them', () => {
    const line = '{"id": 1.50, "messages": [{"role":"user","content":[{"type":"text","text":"a"},{"type":"image","url":"u"}],"name":"x"},{"role":"assistant","content":"b","tool_calls":[ {} ]}], "tags" : ["p","q"], "null":null}';
    const { fields, more } = otherFields(line, recordSections(readOk(line)), 5);
    expect(fields.map(({ path, json }) => `${path.join('.')} = ${json}`)).toEqual(['id = 1.50', 'messages.0.content.1 = {"type":"image","url":"u"}', 'messages.0.name = "x"', 'messages.1.tool_calls = [ {} ]', 'tags = ["p","q"]']);
    expect(more).toBe(1);
  });

  it('are none of an Alpaca record and count a byte-order mark', () => {
    const line = '\ufeff{"instruction":"a","input":"","output":"b"}';
    expect(otherFields(line, recordSections(readOk(line)), 5)).toEqual({ fields: [], more: 0 });
  });
});
