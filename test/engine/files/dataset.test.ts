import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, readlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DatasetError, type DatasetLine, readDataset } from '../../../src/engine/files/dataset';
import { collect, temporaryFolder } from '../../support/engineFixture';

const record = (response: string) => JSON.stringify({ instruction: 'Name a colour.', output: response });

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
});

async function linesOf(content: string | Buffer): Promise<DatasetLine[]> {
  const file = path.join(folder, 'data.jsonl');
  await writeFile(file, content);
  return collect(readDataset(file));
}

/** `1 ok red` / `2 broken-json` … */
const outline = (lines: readonly DatasetLine[]) =>
  lines.map(({ number, parsed }) => {
    if (parsed.status === 'ok') return `${number} ok ${parsed.record.exchanges[0]?.response.text ?? 'nothing'}`;
    return `${number} ${parsed.status === 'empty' ? 'empty' : parsed.rule}`;
  });

describe('lines of a dataset', () => {
  const [red, blue] = [record('red'), record('blue')];
  it.each([
    ['an empty file', '', []],
    ['one line without an end', red, ['1 ok red']],
    ['one line with an end', `${red}\n`, ['1 ok red']],
    ['a last line without an end', `${red}\n${blue}`, ['1 ok red', '2 ok blue']],
    ['CRLF', `${red}\r\n${blue}\r\n`, ['1 ok red', '2 ok blue']],
    ['mixed ends', `${red}\r\n${blue}\n${red}`, ['1 ok red', '2 ok blue', '3 ok red']],
    ['a byte order mark', `\uFEFF${red}\n${blue}\n`, ['1 ok red', '2 ok blue']],
    ['empty and blank lines', `\n${red}\n  \t\n\r\n${blue}\n\n`, ['1 empty', '2 ok red', '3 empty', '4 empty', '5 ok blue', '6 empty']],
    ['a broken line between good ones', `${red}\n{"instruction": "x\n${blue}\n`, ['1 ok red', '2 broken-json', '3 ok blue']],
    ['non-ASCII text', `${record('größer 🎨')}\n`, ['1 ok größer 🎨']],
  ])('%s', async (_name, content, expected) => {
    expect(outline(await linesOf(content))).toEqual(expected);
  });

  it('keeps the exact bytes, and gives the text without end of line and byte order mark', async () => {
    const [first, second] = await linesOf(`\uFEFF${red}\r\n${blue}\n`);
    expect(first?.bytes.toString('utf8')).toBe(`\uFEFF${red}\r\n`);
    expect(first?.text).toBe(red);
    expect(second?.bytes.toString('utf8')).toBe(`${blue}\n`);
    expect(second?.text).toBe(blue);
  });

  it('gives the file back byte for byte, whatever its text', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '\r', 'é', '🎨', '{}', ' ', '\uFEFF', '\u2028') });
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const lines = await linesOf(content);
        expect(Buffer.concat(lines.map((line) => line.bytes)).toString('utf8')).toBe(content);
        expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1));
        expect(lines.map((line) => line.text)).toEqual(splitLines(content));
      }),
      { numRuns: 200 },
    );
  });

  it('points at the first line of a JSON array and reads on', async () => {
    const [first] = await linesOf('[\n  {"instruction": "x", "output": "y"},\n]\n');
    expect(first?.parsed).toMatchObject({ status: 'invalid' });
  });

  it('reads lines that are longer than a read', async () => {
    const long = record('x'.repeat(3_000_000));
    const lines = await linesOf(`${red}\n${long}\n${blue}\n`);
    expect(lines.map((line) => line.text.length)).toEqual([red.length, long.length, blue.length]);
    expect(outline(lines).at(-1)).toBe('3 ok blue');
  });

  it('reads a line of 50 MB', async () => {
    const lines = await linesOf(Buffer.concat([Buffer.from(`${red}\n{"instruction": "Count.", "output": "`), Buffer.alloc(50 * 2 ** 20, 'x'), Buffer.from(`"}\n${blue}\n`)]));
    expect(lines.map(({ number, parsed }) => `${number} ${parsed.status}`)).toEqual(['1 ok', '2 ok', '3 ok']);
  });

  it('does not read a line of more than 64 MB, but keeps its bytes and the other lines', async () => {
    const file = path.join(folder, 'long.jsonl');
    const out = createWriteStream(file);
    out.write(`${red}\n`);
    out.write(Buffer.alloc(65 * 2 ** 20, 'x'));
    out.end(`\n${blue}\n`);
    await finished(out);
    const lines = await collect(readDataset(file));
    expect(outline(lines)).toEqual(['1 ok red', '2 too-long', '3 ok blue']);
    expect(lines[1]?.bytes.length).toBe(65 * 2 ** 20 + 1);
  });
});

describe('a dataset that cannot be read', () => {
  const messageOf = async (file: string) => {
    const error = await collect(readDataset(file)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DatasetError);
    return (error as DatasetError).message.replace(folder, 'FOLDER');
  };

  it.each([
    ['Latin-1 on line 2', Buffer.concat([Buffer.from(`${record('red')}\n`), Buffer.from('{"instruction": "Gr\xfc\xdfe"}\n', 'latin1')]), 'FOLDER/data.jsonl, line 2: not UTF-8; save the file with the encoding UTF-8 and try again.'],
    ['UTF-16, little endian', Buffer.from(`\uFEFF${record('red')}\n`, 'utf16le'), 'FOLDER/data.jsonl, line 1: the file is UTF-16 (little endian); save it with the encoding UTF-8 and try again.'],
    ['UTF-16, big endian', Buffer.from(`\uFEFF${record('red')}\n`, 'utf16le').swap16(), 'FOLDER/data.jsonl, line 1: the file is UTF-16 (big endian); save it with the encoding UTF-8 and try again.'],
  ])('%s', async (_name, content, message) => {
    const file = path.join(folder, 'data.jsonl');
    await writeFile(file, content);
    expect(await messageOf(file)).toBe(message);
  });

  it('is not there', async () => {
    expect(await messageOf(path.join(folder, 'nowhere.jsonl'))).toBe('FOLDER/nowhere.jsonl: no such file or folder.');
  });

  it('is a folder', async () => {
    await mkdir(path.join(folder, 'data'));
    expect(await messageOf(path.join(folder, 'data'))).toBe('FOLDER/data: it is a folder, not a file.');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('may not be read', async () => {
    const file = path.join(folder, 'data.jsonl');
    await writeFile(file, record('red'));
    await chmod(file, 0);
    expect(await messageOf(file)).toBe('FOLDER/data.jsonl: permission denied.');
  });
});

it('gives up a file without line ends before it fills the memory', async () => {
  const file = path.join(folder, 'data.jsonl');
  await writeFile(file, `${record('red')}\n`);
  await truncate(file, 700_000_000); // Holes cost no disk.
  await expect(collect(readDataset(file))).rejects.toThrow(new DatasetError(`${file}, line 2: longer than 256 MB; is this file one JSON object a line?`));
});

it('stops with the reason of its signal', async () => {
  const file = path.join(folder, 'data.jsonl');
  await writeFile(file, `${record('red')}\n`.repeat(100_000));
  const controller = new AbortController();
  const read = async () => {
    for await (const line of readDataset(file, controller.signal)) if (line.number === 3) controller.abort(new Error('enough'));
  };
  await expect(read()).rejects.toThrow('enough');
});

it.skipIf(process.platform !== 'linux')('closes its file when the reader leaves early', async () => {
  const file = path.join(folder, 'data.jsonl');
  await writeFile(file, `${record('red')}\n`.repeat(100_000));
  for await (const line of readDataset(file)) if (line.number === 3) break;
  const open = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => 'closed')));
  expect(open).not.toContain(file);
});

/** Lines end with LF; a CR before it belongs to the end; a byte order mark at the very beginning is not text. */
function splitLines(content: string): string[] {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const terminated = content.split('\n').length - 1;
  return lines.map((line, index) => {
    const text = index < terminated && line.endsWith('\r') ? line.slice(0, -1) : line;
    return index === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text;
  });
}
