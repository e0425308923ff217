import { timerMs } from '../../../core/units.ts';
import { notConnectedInTime } from '../failure.ts';
import { notOpened, type Broken } from './failure.ts';

/**
 * Until a target has said what it takes, which is the first thing that it says, and while it takes no request at all: a target that
 * says so may take it back (RFC 9113, 6.5.2).
 */
export class Opening {
  /** It has been said. */
  isDone = false;
  #broken: Broken | undefined;
  readonly #waiting = new Set<() => void>();

  /** The target has said what it takes, for the first time or anew. */
  done(): void {
    this.isDone = true;
    this.#look();
  }

  /** The connection is of no more use. */
  failed(broken: Broken): void {
    this.#broken = broken;
    this.#look();
  }

  /**
   * Settles when it is done, and the target takes requests.
   *
   * @param leftUs of the time that connecting may take, `timeoutUs`
   * @param takes whether it takes any
   * @throws what went wrong before; the connection is then to be given up
   */
  async wait(leftUs: number, timeoutUs: number, takes: () => boolean): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        this.#waiting.delete(look);
        clearTimeout(late);
        if (error === undefined) resolve();
        else reject(error);
      };
      const late = setTimeout(
        () => settle(this.isDone ? takesNothing(timeoutUs) : notConnectedInTime(timeoutUs)),
        timerMs(Math.max(0, leftUs)),
      );
      const look = (): void => {
        if (this.#broken !== undefined) settle(notOpened(this.#broken));
        else if (this.isDone && takes()) settle();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}

const takesNothing = (timeoutUs: number): Error =>
  Object.assign(
    new Error(`the target takes no requests: SETTINGS_MAX_CONCURRENT_STREAMS was 0 for ${timeoutUs / 1000} ms`),
    { code: 'ECONNREFUSED' },
  );
