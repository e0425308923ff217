import type { Plan } from '../plan/plan.ts';
import type { Axis } from './axis.ts';

/** What a sweep looks for beyond its points. */
export type Find = 'crossing' | 'capacity';

/** A gate on the sweep itself: `peak(optimistic) >= 16`, `capacity(keyed) >= 2 * capacity(mutex)`. */
export interface SweepGate {
  /** As written. */
  readonly text: string;
  readonly metric: 'peak' | 'capacity';
  readonly mode: string;
  /** What it is held against: a number on the axis, or so many times the capacity of another mode. */
  readonly atLeast: number | { readonly mode: string; readonly times: number };
}

/** One value of the axis, and what is run there: a plan like any other. */
export interface Point {
  readonly at: number;
  readonly plan: Plan;
}

/** What `contend sweep` does. */
export interface SweepPlan {
  readonly axis: Axis;
  /** The grid; with `find: capacity` the lowest and the highest load. */
  readonly points: readonly [Point, ...Point[]];
  readonly find?: Find;
  /** How far apart the ends of a capacity may be: 0.05 is 5 %. */
  readonly width: number;
  readonly gates: readonly SweepGate[];
  /** The plan at any value of the axis; cached by whoever gives it. */
  readonly planAt: (at: number) => Plan;
}
