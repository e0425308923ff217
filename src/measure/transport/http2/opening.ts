import { timerMs } from '../../../core/units.ts';
import { notConnectedInTime } from '../failure.ts';
import { notOpened, type Broken } from './failure.ts';

/**
 * Waits until a target has sent its settings, which always come first, and as long as it accepts no requests at all: a
 * target that says so may change that (RFC 9113, 6.5.2).
 */
export class Opening {
  /** The settings have come. */
  isDone = false;
  #broken: Broken | undefined;
  readonly #waiting = new Set<() => void>();

  /** The target has sent its settings, for the first time or again. */
  done(): void {
    this.isDone = true;
    this.#look();
  }

  /** The connection can no longer be used. */
  failed(broken: Broken): void {
    this.#broken = broken;
    this.#look();
  }

  /**
   * Settles when the settings have come and the target accepts requests.
   *
   * @param leftUs of the time that connecting may take, `timeoutUs`
   * @param takes whether it accepts any
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
