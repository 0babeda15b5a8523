import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileOf, pageUri, parsePageUri } from '../../src/protocol/pageUri';

it('is the URI of the file with the page as its last part', () => {
  expect(pageUri('file:///data/big%20one.jsonl', 500, 1000)).toBe('cupel-page:///data/big%20one.jsonl/big%20one%20501-1000.jsonl?line%3D500');
});

it('names pages of other files so that they are JSONL all the same', () => {
  expect(pageUri('file:///data/train.json', 0, 3)).toBe('cupel-page:///data/train.json/train.json%201-3.jsonl?line%3D0');
  expect(pageUri('file:///data/train.ndjson', 0, 3)).toBe('cupel-page:///data/train.ndjson/train%201-3.jsonl?line%3D0');
});

it.each([
  ['a Windows drive', 'file:///c%3A/data/big.jsonl'],
  ['a share on another machine', 'file://server/share/big.jsonl'],
  ['marks that mean something in a URI', 'file:///a%23b/c%3Fd/100%25.jsonl'],
  ['letters beyond ASCII', 'file:///%E6%95%B0%E6%8D%AE/%C3%A9.jsonl'],
  ['a file at the root', 'file:///big.jsonl'],
])('gives the file back: %s', (_what, file) => {
  expect(parsePageUri(pageUri(file, 1500, 2000))).toEqual({ file, firstLine: 1500 });
});

it('gives the file back as VS Code writes the URI, without an empty authority', () => {
  expect(parsePageUri('cupel-page:/data/big.jsonl/big%201-500.jsonl?line%3D0')).toEqual({ file: 'file:///data/big.jsonl', firstLine: 0 });
  expect(parsePageUri('cupel-page:/c%3A/big.jsonl/big%201-500.jsonl?line=7')).toEqual({ file: 'file:///c%3A/big.jsonl', firstLine: 7 });
});

it('survives whatever a path may hold', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !/[/\\\0]/.test(text) && !/\p{Cs}/u.test(text) && text !== '.' && text !== '..');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.nat(), (parts, line) => {
      const path = `/${parts.join('/')}`;
      const place = parsePageUri(pageUri(pathToFileURL(path).href, line, line + 1));
      expect(place?.firstLine).toBe(line);
      expect(fileURLToPath(place?.file ?? '')).toBe(path);
    }),
  );
});

it.each(['file:///data/big.jsonl', 'untitled:Untitled-1', 'cupel-page:/data/big.jsonl/x.jsonl', 'cupel-page:/data/big.jsonl/x.jsonl?line=-1', 'cupel-page:/x?line=0'.replace('/x', 'x')])('%s is no page', (uri) => {
  expect(parsePageUri(uri)).toBeUndefined();
  expect(fileOf(uri)).toBe(uri);
});
