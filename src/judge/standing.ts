import { isHidden, samplesToShow } from '../core/metric.ts';
import type { Plan } from '../core/plan/plan.ts';
import { Histogram } from '../core/recording/histogram.ts';
import type { Recording } from '../core/recording/recording.ts';
import { secondBuckets } from '../core/recording/seconds.ts';
import type { Slot, SlotConsistency } from '../core/slot.ts';
import type { Standing } from '../core/watch.ts';
import { modeConsistency } from './consistency/mode-verdict.ts';
import { median } from './median.ts';
import { completedIn, windowUs, withoutTime } from './mode-result.ts';

/** What is kept of a mode's slots. */
interface Kept {
  readonly perSecond: number[];
  readonly p50Us: number[];
  readonly p99Us: number[];
  readonly consistency: (readonly SlotConsistency[])[];
  readonly histogram: number[];
  timed: number;
  untimed: number;
  failed: number;
  conflicts: number;
}

/**
 * Tracks how the modes of a run stand, slot by slot: given a measured slot, it gives the standing of its mode.
 *
 * @cost the response times of the slot are read once
 */
export const standings = ({ consistency: models }: Plan): ((slot: Slot) => Standing) => {
  const byMode = new Map<string, Kept>();
  return (slot) => {
    const kept = byMode.get(slot.mode) ?? nothingYet();
    byMode.set(slot.mode, kept);
    add(kept, slot);
    const { timed, untimed, failed, conflicts, histogram } = kept;
    const known = (name: 'p50' | 'p99', perSlot: readonly number[]): number =>
      timed < samplesToShow(name) || isHidden(name, timed, untimed) ? NaN : median(perSlot);
    const data = kept.consistency.length === 0 ? undefined : modeConsistency(models, kept.consistency);
    return {
      rounds: kept.perSecond.length,
      perSecond: kept.perSecond.length === 0 ? NaN : median(kept.perSecond),
      p50Us: known('p50', kept.p50Us),
      p99Us: known('p99', kept.p99Us),
      failed,
      conflicts,
      lostAtLeast: data?.lost?.atLeast ?? NaN,
      lostAtMost: data?.lost?.atMost ?? NaN,
      findings: data?.consistency.findingCount ?? NaN,
      histogram,
    };
  };
};

const nothingYet = (): Kept => ({
  perSecond: [],
  p50Us: [],
  p99Us: [],
  consistency: [],
  histogram: Array.from({ length: secondBuckets }, () => 0),
  timed: 0,
  untimed: 0,
  failed: 0,
  conflicts: 0,
});

const add = (kept: Kept, slot: Slot): void => {
  const { recording, consistency } = slot;
  const us = windowUs(slot);
  // A slot that was interrupted in its warm-up has measured nothing.
  if (us > 0) kept.perSecond.push(completedIn(recording) / (us / 1e6));
  addTimes(kept, recording);
  kept.untimed += withoutTime(recording);
  kept.failed += recording.iterations.failed;
  kept.conflicts += recording.conflicts;
  if (consistency !== undefined && consistency.length > 0) kept.consistency.push(consistency);
  for (const { response } of recording.seconds)
    for (const [bucket, count] of response.entries()) kept.histogram[bucket]! += count;
};

const addTimes = (kept: Kept, { times }: Recording): void => {
  const response = Histogram.from(times.response);
  kept.timed += response.count;
  if (response.count > 0) {
    kept.p50Us.push(response.percentile(50));
    kept.p99Us.push(response.percentile(99));
  }
  response.free();
};
