import type { Connection } from 'vscode-languageserver';
import type { LogData, Logger } from '../base/logger';

/** Writes to the editor's output channel. */
export function connectionLogger(connection: Connection): Logger {
  const line = (message: string, data: LogData | undefined) => (data ? `${message} ${JSON.stringify(data)}` : message);
  return {
    info: (message, data) => connection.console.info(line(message, data)),
    warn: (message, data) => connection.console.warn(line(message, data)),
    error: (message, data) => connection.console.error(line(message, data)),
  };
}
