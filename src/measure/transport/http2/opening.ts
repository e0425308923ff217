import { timerMs } from '../../../core/units.ts';
import { notConnectedInTime } from '../failure.ts';
import { notOpened, type Broken } from './failure.ts';

/** Until a target has said what it takes, which is the first thing that it says: then its connection is open. */
export class Opening {
  /** It has been said. */
  isDone = false;
  #broken: Broken | undefined;
  #told: (() => void) | undefined;

  /** The target has said what it takes. */
  done(): void {
    this.isDone = true;
    this.#told?.();
  }

  /** The connection is of no more use. */
  failed(broken: Broken): void {
    this.#broken = broken;
    this.#told?.();
  }

  /**
   * Settles when it is done.
   *
   * @param leftUs of the time that connecting may take, `timeoutUs`
   * @param takes whether the target takes any request at all
   * @throws what went wrong before; the connection is then to be given up
   */
  async wait(leftUs: number, timeoutUs: number, takes: () => boolean): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        this.#told = undefined;
        clearTimeout(late);
        if (error === undefined) resolve();
        else reject(error);
      };
      const late = setTimeout(() => settle(notConnectedInTime(timeoutUs)), timerMs(Math.max(0, leftUs)));
      this.#told = () => {
        if (this.#broken !== undefined) return settle(notOpened(this.#broken));
        return settle(takes() ? undefined : takesNothing());
      };
      if (this.isDone || this.#broken !== undefined) this.#told();
    });
  }
}

const takesNothing = (): Error => Object.assign(new Error('the target takes no requests'), { code: 'ECONNREFUSED' });
