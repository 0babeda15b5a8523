import type { LogData, Logger } from '../../../src/base/logger';
import type { RemoteScorerDeps } from '../../../src/engine/clients/scoring/remoteScorer';

/** What a remote scorer needs, with waits that take no time and are written down, and everything that it logs. */
export function remoteDeps(changes: Partial<RemoteScorerDeps> = {}): { readonly deps: RemoteScorerDeps; readonly waits: readonly number[]; readonly log: readonly string[] } {
  const waits: number[] = [];
  const log: string[] = [];
  const write = (message: string, data?: LogData): void => void log.push(`${message} ${JSON.stringify(data ?? {})}`);
  const logger: Logger = { info: write, warn: write, error: write };
  return {
    waits,
    log,
    deps: {
      logger,
      now: () => new Date('2025-03-01T12:00:00Z'),
      backoff: { random: () => 0, sleep: (milliseconds) => Promise.resolve(void waits.push(milliseconds)) },
      apiKey: () => Promise.resolve(undefined),
      serverKey: () => undefined,
      ...changes,
    },
  };
}
