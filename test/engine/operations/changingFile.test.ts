import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkDataset } from '../../../src/engine/operations/checkDataset';
import { exportDataset } from '../../../src/engine/operations/exportDataset';
import { planProposals } from '../../../src/engine/operations/planProposals';
import { rankTeacherFiles } from '../../../src/engine/operations/rankTeacherFiles';
import { scoreFile } from '../../../src/engine/operations/scoreFile';
import { selectSubset } from '../../../src/engine/operations/selectSubset';
import { engineOn, temporaryFolder } from '../../support/engineFixture';

const record = (n: number) => `${JSON.stringify({ instruction: `Say the number ${n}.`, input: '', output: `It is ${n}. ${'And so on. '.repeat(90)}` })}\n`;
/** More than is read at once. */
const text = Array.from({ length: 2500 }, (_, n) => record(n)).join('');

const changes = {
  deleted: (file: string) => rmSync(file),
  truncated: (file: string) => truncateSync(file, 700_000),
  'rewritten in place': (file: string) => writeFileSync(file, text.replaceAll('And so on', 'And so off')),
  'replaced by a file of the same size': (file: string) => {
    writeFileSync(`${file}.new`, text.replaceAll('And so on', 'Und so weiter'.slice(0, 9)));
    renameSync(`${file}.new`, file);
  },
  'appended to': (file: string) => appendFileSync(file, record(0)),
} as const;

/** Does something to the file once its first part has been read. */
function whileReading(change: () => void): AbortSignal {
  const { signal } = new AbortController();
  let looks = 0;
  return Object.assign(signal, {
    throwIfAborted: () => {
      looks += 1;
      if (looks === 3) change();
    },
  });
}

const car = { beta: 3, offset: 'min' } as const;
const lengths = new Set(['length'] as const);

describe.each(Object.keys(changes) as (keyof typeof changes)[])('a file that is %s while it is read', (kind) => {
  it.each(['check', 'export', 'plan', 'score', 'select', 'rank'] as const)('%s says so and leaves nothing half done', async (operation) => {
    const folder = await temporaryFolder(onTestFinished);
    const file = path.join(folder, 'data.jsonl');
    const out = path.join(folder, 'out.jsonl');
    await writeFile(file, text);
    const engine = engineOn(path.join(folder, 'store'));
    onTestFinished(() => engine.dispose());
    const signal = whileReading(() => changes[kind](file));
    const run = {
      check: () => checkDataset({ file, trainer: 'trl-sft', signal }),
      export: () => exportDataset({ file, format: 'messages', out, signal }),
      plan: () => planProposals({ file, signal }),
      score: () => scoreFile(engine, file, { ...car, metrics: lengths, signal }),
      select: () => selectSubset(engine, { file, out, rule: { kind: 'longest', count: 10 }, ...car, signal }),
      rank: () => rankTeacherFiles(engine, [{ name: 'one', path: file }], { ...car, signal }),
    }[operation];
    const refusals = [`${file} changed while it was being read; nothing was written. Run the command again.`, ...(kind === 'deleted' ? [`${file}: no such file or folder.`] : [])];
    await expect(run()).rejects.toMatchObject({ name: 'DatasetError', message: expect.toSatisfy((message: string) => refusals.includes(message)) as string });
    expect((await readdir(folder)).filter((name) => !['data.jsonl', 'store'].includes(name))).toEqual([]);
  });
});
