import { anatomyBucketOf, anatomyBuckets } from '../../core/recording/anatomy.ts';
import { toldBy, type AnatomyRow } from '../../core/recording/recording.ts';
import type { Spent } from '../user.ts';

/** Count and nine times. */
const columns = 10;

/**
 * Sums what iterations were spent on, by bucket of the response time.
 *
 * @cost add: eight additions to one cache line or two, ten where the target reports its times; 20 kB in total
 */
export class AnatomyTable {
  readonly #sums = new Float64Array(anatomyBuckets * columns);

  /** Counts one iteration; times in µs. */
  add(responseUs: number, queueWaitUs: number, sendLagUs: number, spent: Spent): void {
    const at = anatomyBucketOf(responseUs) * columns;
    const sums = this.#sums;
    sums[at]!++;
    sums[at + 1]! += responseUs;
    sums[at + 2]! += queueWaitUs;
    sums[at + 3]! += sendLagUs;
    sums[at + 4]! += spent.lockWaitUs;
    sums[at + 5]! += spent.serviceUs;
    sums[at + 6]! += spent.connectUs;
    sums[at + 7]! += spent.retriesUs;
    if (spent.serverLockUs + spent.serverQueryUs === 0) return;
    sums[at + 8]! += spent.serverLockUs;
    sums[at + 9]! += spent.serverQueryUs;
  }

  /** The buckets that hold an iteration, ascending. */
  rows(): AnatomyRow[] {
    const sums = this.#sums;
    const rows: AnatomyRow[] = [];
    for (let bucket = 0, at = 0; bucket < anatomyBuckets; bucket++, at += columns) {
      if (sums[at] === 0) continue;
      rows.push({
        bucket,
        count: sums[at]!,
        responseUs: sums[at + 1]!,
        queueWaitUs: sums[at + 2]!,
        sendLagUs: sums[at + 3]!,
        lockWaitUs: sums[at + 4]!,
        serviceUs: sums[at + 5]!,
        connectUs: sums[at + 6]!,
        retriesUs: sums[at + 7]!,
        ...toldBy(sums[at + 8]!, sums[at + 9]!),
      });
    }
    return rows;
  }
}
