import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type WorkerReply, workerRequestSchema } from './scoringMessages';
import { ScoringService } from './scoringService';

/** Entry of the scoring worker; `workerData` names the folder of models. */

const port = parentPort;
if (port === null) throw new Error('This script runs as a worker thread.');

const { modelsDir } = z.object({ modelsDir: z.string() }).parse(workerData);
const service = new ScoringService(modelsDir);
const send = (reply: WorkerReply) => port.postMessage(reply);

port.on('message', (message: unknown) => {
  void service.answer(workerRequestSchema.parse(message)).then((reply) => {
    if (reply !== undefined) send(reply);
  });
});
send({ kind: 'ready' });
