import { expect, it } from 'vitest';
import { fileEntry } from '../../../src/client/teachers/fileEntry';

it.each([
  ['inside the only folder', '/work/data/teachers/concise.jsonl', [], ['/work/data'], 'concise', 'teachers/concise.jsonl'],
  ['outside it', '/elsewhere/concise.jsonl', [], ['/work/data'], 'concise', '/elsewhere/concise.jsonl'],
  ['in a folder whose name begins alike', '/work/data-2/concise.jsonl', [], ['/work/data'], 'concise', '/work/data-2/concise.jsonl'],
  ['in one of several folders', '/work/a/concise.jsonl', [], ['/work/a', '/work/b'], 'concise', '/work/a/concise.jsonl'],
  ['without a folder', '/work/concise.jsonl', [], [], 'concise', '/work/concise.jsonl'],
  ['with a name that is taken twice', '/work/data/concise.jsonl', ['concise', 'concise-2'], ['/work/data'], 'concise-3', 'concise.jsonl'],
])('a teacher file %s', (_where, file, taken, folders, id, path) => {
  expect(fileEntry(file, taken, folders)).toEqual({ kind: 'file', id, path });
});
