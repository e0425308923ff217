import type { Histogram } from '../../core/recording/histogram.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { User } from '../user.ts';

/** What the target said of its own time, in the answers that told it. */
export class ServerTimesCount {
  readonly #histogram: () => Histogram;
  #told: { readonly lockWait: Histogram; readonly query: Histogram } | undefined;

  constructor(histogram: () => Histogram) {
    this.#histogram = histogram;
  }

  /** Counts the last answer of a user; of the iteration's time it can be no more than the service was. */
  add({ exchange: { serverLockUs, serverQueryUs }, spent }: User, serviceUs: number): void {
    const lockUs = Math.min(serverLockUs, serviceUs);
    spent.serverLockUs += lockUs;
    spent.serverQueryUs += Math.min(serverQueryUs, serviceUs - lockUs);
    this.#told ??= { lockWait: this.#histogram(), query: this.#histogram() };
    this.#told.lockWait.record(serverLockUs);
    this.#told.query.record(serverQueryUs);
  }

  /** What there is for the recording, nothing where nothing was told; frees the histograms. */
  finish(): Pick<Recording, 'server'> {
    if (this.#told === undefined) return {};
    const { lockWait, query } = this.#told;
    const server = { lockWait: lockWait.toTimes(), query: query.toTimes() };
    lockWait.free();
    query.free();
    return { server };
  }
}
