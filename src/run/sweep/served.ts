import type { ClosedLoad, Mode, Plan } from '../../core/plan/plan.ts';
import type { Served } from '../../core/result/sweep.ts';
import { nearest, valueText } from '../../core/sweep/axis.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { micros } from '../../core/units.ts';
import type { CapacityOptions } from '../../judge/scaling/capacity.ts';

/** The length of a look at what a target serves. It is not judged, so it need not be exact. */
const lookUs = 3e6;
/** Most targets are saturated by this number of users. A load with fewer users keeps its own. */
const lookUsers = 32;
/** A range that begins above this share of what is served begins too high. */
const tooHighShare = 0.8;
/** Where the climb begins, and the lowest load that it goes down to, as shares of the rate served. */
const beginShare = 0.5;
const lowestShare = 0.25;

/** The mode for a look at what its target serves: back to back, with the users of its highest rate, at most 32 or one per worker. */
export const lookOf = (mode: Mode, { rounds }: Pick<Plan, 'rounds'>): Mode => {
  const { load, workers } = mode;
  const users = Math.min(load.users, Math.max(lookUsers, workers === 'auto' ? 1 : workers));
  const closed: ClosedLoad = {
    kind: 'closed',
    users,
    thinkUs: [micros(0), micros(0)],
    stages: [],
    stop: { kind: 'duration', durationUs: micros(lookUs * rounds) },
    // The first to arrive finds no queue, so the shortest time is that of a target that is not saturated.
    warmupUs: micros(0),
    drainUs: load.drainUs,
  };
  return { ...mode, load: closed };
};

/** Where to search after such a look: around the rate served, even below the range if the range begins above it. */
export const rangeOf = (
  { axis: { kind, values } }: Pick<SweepPlan, 'axis'>,
  served: Served | undefined,
): Pick<CapacityOptions, 'from' | 'to' | 'begin' | 'served'> => {
  const [from, to] = [values[0]!, values.at(-1)!];
  if (served === undefined) return { from, to };
  const { perSecond, isMost } = served;
  const part = (share: number): number => nearest(kind, Number((share * perSecond).toPrecision(2)));
  const lowest = Math.min(from, part(lowestShare));
  const isTooHigh = isMost && from > tooHighShare * perSecond;
  const begin = isTooHigh ? part(beginShare) : Math.max(from, part(beginShare));
  return { from: lowest, to, begin: Math.min(to, begin), ...(isMost ? { served: perSecond } : {}) };
};

/** `serves about 220/s at most: the search begins at 110/s`, or `or more` if it may serve more. */
export const servedText = (sweep: Pick<SweepPlan, 'axis'>, served: Served): string => {
  const { kind, values } = sweep.axis;
  const { begin } = rangeOf(sweep, served);
  const first = valueText(kind, begin!);
  const rate = valueText(kind, Number(served.perSecond.toPrecision(2)));
  const low = begin! < values[0]! ? `, below ${valueText(kind, values[0]!)}` : '';
  return `serves about ${rate}${served.isMost ? ' at most' : ' or more'}: the search begins at ${first}${low}`;
};
