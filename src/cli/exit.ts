/** Exit codes of every command. */
export const exitCode = { done: 0, findings: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Bad usage or unreadable input: printed as it is, without a stack, exit 2. */
export class UsageError extends Error {}
