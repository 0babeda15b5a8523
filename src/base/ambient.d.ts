/**
 * The few platform globals that base and core may use: they exist alike in Node, browsers and workers.
 * Everything else (`document`, `process`, `node:fs`) must not compile down here.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array;
}

/** ES2024, in every host that runs Cupel. */
interface String {
  isWellFormed(): boolean;
}
