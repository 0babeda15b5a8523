/**
 * Where the program says what it does. `data` is structured and never holds a record's text or a key:
 * counts, ids, durations, paths.
 */
export interface Logger {
  info(message: string, data?: LogData): void;
  warn(message: string, data?: LogData): void;
  error(message: string, data?: LogData): void;
}

export type LogData = Readonly<Record<string, string | number | boolean | undefined>>;
