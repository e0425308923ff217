import { slotExpectedUs, warmingUs } from '../../core/plan/length.ts';
import type { Mode, Plan } from '../../core/plan/plan.ts';
import type { Served } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import { between } from '../../core/sweep/axis.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { longEnough, slotMeasuredUs, timeToDecideUs, withSlotsOf } from '../../core/sweep/probe.ts';
import { CapacitySearch, type ProbeVerdict } from '../../judge/scaling/capacity.ts';
import { limitsOf } from '../../judge/sweep/probe.ts';
import { lookOf, rangeOf } from './served.ts';

/** That a target is back after an overload shows in so long, however few are due. */
const recoveryUs = 5e6;

/** What of a search decides how a slot of it is measured. */
type Wanted = Pick<CapacitySearch, 'isRecovering'>;

/**
 * A mode as it is measured in the slot that its search wants: as the plan says, but that one which only looks whether the target is back is
 * no longer than that takes, and that of a closed load is as long as its gates take at the rate that was seen.
 *
 * @param plan at the load of that slot
 * @param slots of the search so far
 */
export const probeOf = (plan: Plan, name: string, { isRecovering }: Wanted, slots: readonly Slot[]): Mode => {
  const mode = plan.modes.find((one) => one.name === name)!;
  const ownUs = slotMeasuredUs(mode, plan.rounds);
  if (isRecovering) return ownUs > recoveryUs ? withSlotsOf(mode, recoveryUs, plan.rounds) : mode;
  if (mode.load.kind === 'open') return mode;
  const { users } = mode.load;
  const seen = slots.filter((slot) => slot.mode === name && slot.at! <= users).map(perSecondIn);
  const fastest = Math.max(0, ...seen);
  const neededUs = fastest === 0 ? 0 : timeToDecideUs(plan.gates, mode, fastest);
  return neededUs > ownUs ? withSlotsOf(mode, neededUs, plan.rounds) : mode;
};

const perSecondIn = ({ recording: { window } }: Slot): number => {
  const us = window.toUs - window.fromUs;
  return us <= 0 ? 0 : (window.completed * 1e6) / us;
};

/** The modes that have a gate that a search can keep. */
export const searchedIn = ({ points: [{ plan }] }: SweepPlan): readonly string[] =>
  plan.modes.map(({ name }) => name).filter((name) => limitsOf(plan.gates, name).length > 0);

/**
 * A search for the capacity of a mode that has not begun.
 *
 * @param served what its target was seen to serve; undefined: nobody has looked
 */
export const searchOf = (sweep: SweepPlan, served?: Served): CapacitySearch =>
  new CapacitySearch({ kind: sweep.axis.kind, width: sweep.width, ...rangeOf(sweep, served) });

/** Whether a look is taken at what the target serves before it is searched: where users say how fast it is, the search does that itself. */
export const isLookedAt = ({ axis: { kind } }: SweepPlan): boolean => kind === 'rate';

/**
 * How long a search still takes, in µs, if the capacity lies there and no slot goes against that.
 *
 * @param told how its slots went so far
 * @param served as in {@link searchOf}
 */
export const leftUs = (
  sweep: SweepPlan,
  name: string,
  told: readonly ProbeVerdict[],
  capacity: number,
  served?: Served,
): number => {
  const search = searchOf(sweep, served);
  for (const verdict of told) search.tell(verdict);
  // Under the highest load a slot is the shortest. No scenario is read for the loads in between: most are never asked for.
  const { plan } = sweep.points.at(-1)!;
  const highest = plan.modes.find((mode) => mode.name === name)!;
  let us = 0;
  for (let at = search.wanted; at !== undefined; at = search.wanted) {
    const { load } = highest;
    const there = { ...highest, load: load.kind === 'open' ? { ...load, ratePerSecond: at } : { ...load, users: at } };
    us += slotExpectedUs(probeOf(longEnough({ ...plan, modes: [there] }), name, search, []), plan.rounds);
    search.tell(at <= capacity ? { is: 'kept' } : { is: 'failed', because: '', limit: 'target' });
  }
  return us;
};

/** How long a search for all its modes takes, in µs: where their capacities lie well, and where they do not. */
export interface SearchLength {
  readonly leastUs: number;
  readonly mostUs: number;
}

/** So many capacities along the axis are tried. */
const places = 12;
/** A gate on times is kept up to such a share of what is served, about. */
const keptShare = 0.85;

/** How long a search takes of targets that are certain; noise makes it longer. */
export const searchLengthOf = (sweep: SweepPlan): SearchLength => {
  const { axis, points } = sweep;
  const [from, to] = [axis.values[0]!, axis.values.at(-1)!];
  const capacities = Array.from({ length: places }, (_, place) => between(axis.kind, from, to, place / (places - 1)));
  const each = searchedIn(sweep).map((name) => capacities.map((capacity) => searchUs(sweep, name, capacity)));
  const warming = warmingUs(points[0].plan);
  const sum = (of: (all: readonly number[]) => number): number => each.reduce((us, all) => us + of(all), warming);
  return { leastUs: sum((all) => Math.min(...all)), mostUs: sum((all) => Math.max(...all)) };
};

/** How long the search for one capacity takes, the look before it included. */
const searchUs = (sweep: SweepPlan, name: string, capacity: number): number => {
  if (!isLookedAt(sweep)) return leftUs(sweep, name, [], capacity);
  const { plan } = sweep.points.at(-1)!;
  const look = lookOf(
    plan.modes.find((mode) => mode.name === name)!,
    plan,
  );
  const served = { perSecond: capacity / keptShare, users: look.load.users, isMost: true };
  return slotExpectedUs(look, plan.rounds) + leftUs(sweep, name, [], capacity, served);
};
