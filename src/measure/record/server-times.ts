import type { Histogram } from '../../core/recording/histogram.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { User } from '../user.ts';

/** What the target reported of its own time, in the answers that did so. */
export class ServerTimesCount {
  readonly #histogram: () => Histogram;
  #told: { readonly lockWait: Histogram; readonly query: Histogram } | undefined;

  constructor(histogram: () => Histogram) {
    this.#histogram = histogram;
  }

  /** Counts a user's last answer; its part of the iteration's time is at most the service time. */
  add({ exchange: { serverLockUs, serverQueryUs }, spent }: User, serviceUs: number): void {
    const lockUs = Math.min(serverLockUs, serviceUs);
    spent.serverLockUs += lockUs;
    spent.serverQueryUs += Math.min(serverQueryUs, serviceUs - lockUs);
    this.#told ??= { lockWait: this.#histogram(), query: this.#histogram() };
    this.#told.lockWait.record(serverLockUs);
    this.#told.query.record(serverQueryUs);
  }

  /** Gives the server times for the recording, or nothing if none were reported; frees the histograms. */
  finish(): Pick<Recording, 'server'> {
    if (this.#told === undefined) return {};
    const { lockWait, query } = this.#told;
    const server = { lockWait: lockWait.toTimes(), query: query.toTimes() };
    lockWait.free();
    query.free();
    return { server };
  }
}
