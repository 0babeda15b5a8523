import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { userStorageDir } from '../engine/userEnvironment';
import { Lifecycle } from './lifecycle';
import { startServer } from './server';

const lifecycle = new Lifecycle();
const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifecycle });
lifecycle.answerOn(connection);
startServer(connection, {
  storageDir: userStorageDir(),
  modelsDir: path.join(__dirname, '..', 'models'),
  workerPath: path.join(__dirname, 'worker.cjs'),
});
