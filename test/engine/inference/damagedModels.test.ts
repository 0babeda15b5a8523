import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadEmbedded } from '../../../src/engine/inference/embedded/embeddedScorer';
import { checkout, installation, temporaryFolder } from '../../support/engineFixture';

let models = '';
beforeEach(async () => {
  models = await temporaryFolder(onTestFinished);
  await cp(path.join(installation(checkout).modelsDir, 'embedded'), path.join(models, 'embedded'), { recursive: true });
});

describe('a model file that is not as it was shipped', () => {
  it.each([
    ['loss.json', '{}'],
    ['loss.json', '{"id":"embedded@2","direct":{"trees":[{"feature":"x"}]}}'],
    ['loss.json', 'not json'],
    ['reward.json', '[]'],
    ['ngrams.bin', 'short'],
    ['topics.bin', ''],
  ])('%s holding %j: is named in one sentence with the remedy', async (name, content) => {
    const file = path.join(models, 'embedded', name);
    await writeFile(file, content);
    await expect(loadEmbedded(models)).rejects.toThrow(new Error(`${file} is damaged: install Cupel again.`));
  });

  it('missing: the same', async () => {
    const file = path.join(models, 'embedded', 'topics.bin');
    await rm(file);
    await expect(loadEmbedded(models)).rejects.toThrow(new Error(`${file}: no such file or folder. Install Cupel again.`));
  });
});
