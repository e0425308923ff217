import type { Mode, Plan } from '../core/plan/plan.ts';
import { orderOf } from '../measure/runner/order.ts';

/** One slot of a schedule: which mode is measured, in which round, and at which position in it. Both count from 0. */
export interface Turn {
  readonly mode: Mode;
  readonly round: number;
  readonly position: number;
  /** In a sweep, the point that is measured. */
  readonly at?: number;
  /** The seed of this slot's values; by default the plan's. */
  readonly seed?: number;
}

/** Every mode once, in the order in which they are measured. The run is checked after each round. */
export type Round = readonly Turn[];

/** What is measured, in which order: plain data, which `run` follows. */
export interface Schedule {
  readonly rounds: readonly Round[];
  /** Measured as well if a gate that compares modes is still undecided after `rounds`; empty if there is no second look. */
  readonly reserve: readonly Round[];
}

/**
 * The schedule of a plan: its rounds, mirrored in pairs and drawn from the seed.
 *
 * @param extend whether the same number of rounds is held in reserve
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
