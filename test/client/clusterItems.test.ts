import { expect, it } from 'vitest';
import { clusterItems } from '../../src/client/clusterItems';

it('lists what a record is like, and how', () => {
  const members = [
    { line: 4, kind: 'self', similarity: 1, title: 'Name a bird.' },
    { line: 0, kind: 'same', similarity: 1, title: 'Name a bird.' },
    { line: 11, kind: 'near', similarity: 0.9999, title: 'Name $(zap) a bird.' },
    { line: 12, kind: 'near', similarity: 1, title: '' },
    { line: 1200, kind: 'prompt', similarity: 0.41, title: 'Name a bird.' },
    { line: 1300, kind: 'prompt', similarity: 0, title: 'Name a bird.' },
    { line: 1301, kind: 'prompt', similarity: 0.0204, title: 'Name a bird.' },
  ] as const;
  expect(clusterItems({ version: 1, members, more: 0 }, 'file:///data/birds.jsonl')).toEqual([
    { label: 'Name a bird.', description: 'same record · line 1', line: 0 },
    { label: 'Name \\$(zap) a bird.', description: 'nearly the same, .99 · line 12', line: 11 },
    { label: '(no instruction)', description: 'nearly the same, 1 · line 13', line: 12 },
    { label: 'Name a bird.', description: 'same prompt, .41 · line 1201', line: 1200 },
    { label: 'Name a bird.', description: 'same prompt, 0 · line 1301', line: 1300 },
    { label: 'Name a bird.', description: 'same prompt, .02 · line 1302', line: 1301 },
  ]);
});
