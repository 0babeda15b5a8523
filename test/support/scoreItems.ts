import { createEngine } from '../../src/engine/createEngine';
import { installation, plainConfig, someItems } from './engineFixture';

/**
 * A process of its own that scores: `node scoreItems.cjs STORAGE FIRST COUNT`. Says each finished key on a line of
 * its own, and `summary COMPUTED REUSED` at the end, so that a test can kill it in between.
 */
const [storageDir = '', first = '', count = '', root = ''] = process.argv.slice(2);
const ignore = () => undefined;
const engine = createEngine(
  { storageDir, ...installation(root), logger: { info: ignore, warn: ignore, error: ignore }, now: () => new Date(0), apiKey: () => Promise.resolve(undefined), serverKey: () => undefined, workingDir: root },
  plainConfig,
);

async function main(): Promise<void> {
  const summary = await engine.score({
    items: someItems(Number(count), Number(first)),
    metrics: new Set(['ifd', 'reward']),
    onMeasured: (batch) => process.stdout.write(`${batch.map(({ key }) => key).join('\n')}\n`),
  });
  await engine.dispose();
  process.stdout.write(`summary ${summary.computed} ${summary.reused}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
