import type { Mode } from '../core/plan/plan.ts';
import type { ModeResult } from '../core/result/result.ts';
import type { Warning } from '../core/result/warning.ts';
import { hodgesLehmann, type Interval } from './stats/signed-rank.ts';

/** How often a steady mode is called unsteady: once in a hundred runs. */
const alpha = 0.01;

/** A rate that changes by less than this within a slot is steady enough to be compared. */
const margin = 0.02;

/** The fewest rounds that have an interval at this level. */
const fewest = Math.ceil(Math.log2(2 / alpha));

/**
 * Whether the warm-up was long enough, judged instead of assumed: compares the halves of each slot over the rounds. A mode that is still
 * warming up when the measured part begins is faster in the second half.
 *
 * Only for users going back to back for a planned time: the rate of an open load and of stages is prescribed.
 */
export const steadinessOf = (modes: readonly Mode[], results: readonly ModeResult[]): readonly Warning[] => {
  const unsteady = results.flatMap((result) => {
    const mode = modes.find(({ name }) => name === result.name);
    const { load } = mode ?? {};
    if (load?.kind !== 'closed' || load.stop.kind !== 'duration' || load.thinkUs[1] > 0) return [];
    const drift = driftOf(result);
    return drift === undefined ? [] : [{ name: result.name, drift }];
  });
  if (unsteady.length === 0) return [];
  const told = unsteady.map(({ name, drift }) => `${name} ${percent(drift.estimate)}`).join(', ');
  return [
    {
      code: 'NOT_STEADY',
      message: `throughput changed within the slots, second half against first: ${told}. The comparison depends on the length of a slot.`,
      hint: 'A longer warm-up, as --warmup 2s, or longer slots (-d).',
    },
  ];
};

/** ln(second half ÷ first), if there surely is a drift and it is not negligible. */
const driftOf = ({ slots }: ModeResult): Interval | undefined => {
  const halves = slots.flatMap(({ drift }) => (drift === null || drift <= 0 ? [] : [Math.log(drift)]));
  if (halves.length < fewest) return undefined;
  const interval = hodgesLehmann(halves, alpha);
  const isSure = interval.low > 0 || interval.high < 0;
  return isSure && Math.abs(interval.estimate) > Math.log(1 + margin) ? interval : undefined;
};

/** `+6.1 %` */
const percent = (log: number): string => {
  const change = (Math.exp(log) - 1) * 100;
  return `${change > 0 ? '+' : '−'}${Math.abs(change).toFixed(1)} %`;
};
