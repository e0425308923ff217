/** Stable names for the ways in which a whole run can fail. */
export type ErrorCode =
  | 'ERR_USAGE'
  | 'ERR_SCENARIO'
  | 'ERR_OPEN_FILES'
  | 'ERR_MISSING_PACKAGE'
  | 'ERR_FORBIDDEN_HOST'
  | 'ERR_TARGET_UNREACHABLE'
  | 'ERR_BEFORE'
  | 'ERR_LOGIN'
  | 'ERR_FINAL_READ'
  | 'ERR_STORE'
  | 'ERR_SERVE'
  | 'ERR_REDIS'
  | 'ERR_WORKER_LOST'
  | 'ERR_AGENTS';

/** An error that a user can fix: printed without a stack. */
export class ContendError extends Error {
  override readonly name = 'ContendError';
  readonly code: ErrorCode;
  /** How to fix it, a sentence; empty if the message says it. */
  readonly hint: string;
  /** The last lines of the program in question; empty if there is none. */
  readonly output: readonly string[];

  constructor(code: ErrorCode, message: string, hint = '', cause?: unknown, output: readonly string[] = []) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.output = output;
  }
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(messageOf).join('; ');
  return thrown.message;
};
