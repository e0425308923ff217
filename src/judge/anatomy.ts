import { anatomyBucketOf } from '../core/recording/anatomy.ts';
import { sumAnatomy } from '../core/recording/merge.ts';
import { toldBy, type AnatomyRow } from '../core/recording/recording.ts';
import type { Anatomy, ModeResult } from '../core/result/result.ts';

/** This many iterations show what the time around a percentile was spent on. With fewer, neighbouring buckets are added. */
const enough = 20;

/** Half an octave on each side. */
const neighboursAtMost = 4;

/**
 * What the mean response time was spent on, and what a response time at the 99th percentile was spent on.
 *
 * The mean: sums over all iterations with a response time, so its parts are exact. The p99: the iterations in the bucket of that time,
 * which is an eighth of it wide, and in as many neighbouring buckets as it takes to have 20, up to half an octave on each side. The shares
 * are those of these iterations, scaled so that they add up to the p99 itself. It is neither a single iteration nor the p99 of each part:
 * those would not add up to anything.
 *
 * @param p99Us of the same iterations
 * @returns `null` if no iteration has a response time
 */
export const anatomyOf = (rows: readonly AnatomyRow[], p99Us: number): ModeResult['anatomy'] => {
  const all = sumAnatomy(rows);
  if (all.count === 0) return null;
  return { mean: scaled(all, all.responseUs / all.count), p99: scaled(sumAnatomy(around(rows, p99Us)), p99Us) };
};

const around = (rows: readonly AnatomyRow[], us: number): readonly AnatomyRow[] => {
  const middle = anatomyBucketOf(us);
  for (let reach = 0; ; reach++) {
    const near = rows.filter(({ bucket }) => Math.abs(bucket - middle) <= reach);
    const count = near.reduce((sum, row) => sum + row.count, 0);
    if (count >= enough || (count > 0 && reach >= neighboursAtMost)) return near;
  }
};

type Sums = ReturnType<typeof sumAnatomy>;

/** The parts of a given time, in the proportions of the sums, to 0.1 µs. */
const scaled = (sums: Sums, responseUs: number): Anatomy => {
  const known = sums.queueWaitUs + sums.sendLagUs + sums.lockWaitUs + sums.serviceUs + sums.connectUs + sums.retriesUs;
  // The clock is read in whole µs, so the parts may add up to slightly more than the whole.
  const whole = Math.max(sums.responseUs, known);
  const part = (us: number): number => (whole === 0 ? 0 : tenth((us / whole) * responseUs));
  const parts = {
    queueWaitUs: part(sums.queueWaitUs),
    sendLagUs: part(sums.sendLagUs),
    lockWaitUs: part(sums.lockWaitUs),
    serviceUs: part(sums.serviceUs),
    connectUs: part(sums.connectUs),
    retriesUs: part(sums.retriesUs),
  };
  const told = toldBy(part(sums.serverLockUs ?? 0), part(sums.serverQueryUs ?? 0));
  return { responseUs: tenth(responseUs), ...parts, otherUs: part(whole - known), ...told };
};

const tenth = (us: number): number => Math.round(us * 10) / 10;
