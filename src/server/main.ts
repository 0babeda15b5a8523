import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { userStorageDir } from '../engine/userEnvironment';
import { startServer } from './server';

startServer(createConnection(ProposedFeatures.all), {
  storageDir: userStorageDir(),
  modelsDir: path.join(__dirname, '..', 'models'),
  workerPath: path.join(__dirname, 'worker.cjs'),
});
