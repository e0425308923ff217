import type { Mode, Plan } from '../core/plan/plan.ts';
import { orderOf } from '../measure/runner/order.ts';

/** One slot of a schedule: which mode is measured, in which round, and at which place of it. Both count from 0. */
export interface Turn {
  readonly mode: Mode;
  readonly round: number;
  readonly position: number;
  /** Of a sweep: the point that it is measured at. */
  readonly at?: number;
  /** Of the values of this slot; that of the plan unless given. */
  readonly seed?: number;
}

/** Every mode once, in the order in which they are measured. After each round the run is looked at. */
export type Round = readonly Turn[];

/** What is measured, in which order: plain data, which `run` walks through. */
export interface Schedule {
  readonly rounds: readonly Round[];
  /** Measured as well where a gate that compares modes is still undecided after `rounds`; empty: there is no second look. */
  readonly reserve: readonly Round[];
}

/**
 * The schedule of a plan: its rounds, mirrored in pairs and drawn from the seed.
 *
 * @param extend whether as many rounds again are held in reserve
 */
export const scheduleOf = ({ modes, rounds, seed }: Plan, extend: boolean): Schedule => {
  const order = orderOf(modes.length, extend ? 2 * rounds : rounds, seed);
  const all = Array.from({ length: order.length / modes.length }, (_, round) =>
    order
      .slice(round * modes.length, (round + 1) * modes.length)
      .map((place) => ({ ...place, mode: modes[place.mode]! })),
  );
  return { rounds: all.slice(0, rounds), reserve: all.slice(rounds) };
};
