import { megabytes, number, row } from './row.mjs';

const operations = Number(process.env.CUPEL_OPERATIONS ?? 100_000);
const seed = Number(process.env.CUPEL_SEED ?? 1);
/** More growth than this for a thousand operations, over the second half of a long run, is a leak; short ones still fill caches. */
const leakBytes = 50_000;

/** Random edits, requests and cancellations; after every 500 the server says the same about each document as about a copy of its text opened anew. */
export async function fuzz({ Fuzzer, startServer }) {
  const done = await row(`${number(operations)} random operations on 3 documents (seed ${seed}), compared with a fresh reading after every 500`, async () => {
    const server = await startServer();
    const batches = [];
    const report = await new Fuzzer(server, {
      seed,
      operations,
      batch: 500,
      onBatch: (batch) => {
        batches.push(batch);
        if (batches.length % 20 === 0) console.log(`  ${number(batch.operations)}: heap ${megabytes(batch.memory.heap)} MB, resident ${megabytes(batch.memory.resident)} MB`);
      },
    }).run();
    const peak = server.hasEnded() ? undefined : server.peak();
    await server.stop();
    const late = batches.slice(Math.floor(batches.length / 2));
    const heap = slope(late.map(({ operations, memory }) => [operations, memory.heap]));
    const resident = slope(late.map(({ operations, memory }) => [operations, memory.resident]));
    const { edits, requests, cancellations, reopened, settings, comparisons, answers, failures } = report;
    for (const failure of failures) console.log(`  ${failure}`);
    const flat = operations < 20_000 || heap * 1000 <= leakBytes;
    const memory = `heap after collection ${megabytes(late[0]?.memory.heap ?? 0)} → ${megabytes(late.at(-1)?.memory.heap ?? 0)} MB over the second half (${(heap * 1000 / 1e3).toFixed(1)} kB per 1,000 operations), resident ${megabytes(late[0]?.memory.resident ?? 0)} → ${megabytes(late.at(-1)?.memory.resident ?? 0)} MB (${(resident * 1000 / 1e3).toFixed(1)} kB per 1,000)`;
    const result = `${failures.length === 0 ? 'no crash, no drift' : `${failures.length} failures`}: ${number(edits)} edits, ${number(requests)} requests (${number(answers['-32800'] ?? 0)} cancelled of ${number(cancellations)} asked, ${number(answers['-32801'] ?? 0)} given up because the text changed), ${number(reopened)} reopenings, ${number(settings)} changes of settings, ${number(comparisons)} comparisons; ${memory}`;
    return { ok: failures.length === 0 && flat, result, peakMB: peak && megabytes(peak), failures, answers, heapPerThousand: Math.round(heap * 1000), residentPerThousand: Math.round(resident * 1000), samples: batches.filter((_, index) => index % 10 === 9).map(({ operations, memory }) => ({ operations, heapMB: megabytes(memory.heap), residentMB: megabytes(memory.resident) })) };
  });
  return [done];
}

/** Of the least squares line through the points. */
function slope(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return over === 0 ? 0 : points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / over;
}
