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

/** The time in which a target's recovery from an overload shows, however few arrivals are due. */
const recoveryUs = 5e6;

/** The part of a search that determines how its slot is measured. */
type Wanted = Pick<CapacitySearch, 'isRecovering'>;

/**
 * The mode for the slot that its search wants: as the plan says, with two exceptions. A slot that only checks whether the target
 * has recovered is no longer than that takes. A slot of a closed load is as long as its gates need at the rate seen so far.
 *
 * @param plan the plan at the load of that slot
 * @param slots the search's slots so far
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

/** The modes with a gate that a search can keep. */
export const searchedIn = ({ points: [{ plan }] }: SweepPlan): readonly string[] =>
  plan.modes.map(({ name }) => name).filter((name) => limitsOf(plan.gates, name).length > 0);

/**
 * A search for the capacity of a mode that has not begun.
 *
 * @param served the rate that its target was seen to serve; `undefined` if that was not measured
 */
export const searchOf = (sweep: SweepPlan, served?: Served): CapacitySearch =>
  new CapacitySearch({ kind: sweep.axis.kind, width: sweep.width, ...rangeOf(sweep, served) });

/** Whether the rate that the target serves is measured before the search. A search over users finds that out itself. */
export const isLookedAt = ({ axis: { kind } }: SweepPlan): boolean => kind === 'rate';

/**
 * How much longer a search takes, in µs, if this is the capacity and no slot contradicts it.
 *
 * @param told the verdicts of its slots so far
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
  // A slot is shortest under the highest load. No scenario is read for the loads in between, because most are never tried.
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

/** How long a search for all its modes takes, in µs: with favourable and with unfavourable capacities. */
export interface SearchLength {
  readonly leastUs: number;
  readonly mostUs: number;
}

/** The number of capacities along the axis that are tried. */
const places = 12;
/** A gate on times is kept up to about this share of the rate served. */
const keptShare = 0.85;

/** How long a search takes if every slot's verdict is clear; noise makes it longer. */
export const searchLengthOf = (sweep: SweepPlan): SearchLength => {
  const { axis, points } = sweep;
  const [from, to] = [axis.values[0]!, axis.values.at(-1)!];
  const capacities = Array.from({ length: places }, (_, place) => between(axis.kind, from, to, place / (places - 1)));
  const each = searchedIn(sweep).map((name) => capacities.map((capacity) => searchUs(sweep, name, capacity)));
  const warming = warmingUs(points[0].plan);
  const sum = (of: (all: readonly number[]) => number): number => each.reduce((us, all) => us + of(all), warming);
  return { leastUs: sum((all) => Math.min(...all)), mostUs: sum((all) => Math.max(...all)) };
};

/** How long the search for one capacity takes, including the look before it. */
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
