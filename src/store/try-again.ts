/** A request that could not be carried out just now, and may be sent again as it is. */
export class TryAgainError extends Error {
  override readonly name = 'TryAgainError';
  /** 409: nothing was changed. 503: unknown, if a change was under way. */
  readonly status: 409 | 503;
  /** When to retry, in seconds. */
  readonly afterS: number;

  constructor(status: 409 | 503, afterS: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.afterS = afterS;
  }
}
