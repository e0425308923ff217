import type { Mode, Stop } from './plan.ts';
import type { Recording } from './recording.ts';

/** Plain JSON: one mode, one round, one share of the work. Called here, posted to a thread or put on a queue. */
export interface Job {
  readonly mode: Mode;
  readonly origin: string;
  readonly seed: number;
  readonly round: number;
  /** This slot's share of the mode's `load.stop`. */
  readonly stop: Stop;
  /** Number of this slot's first iteration within the mode: iterations of a slot follow those of the slot before. */
  readonly firstIteration: number;
  readonly shard: Shard;
}

/** Shard i of n owns the iterations i, i + n, i + 2n … */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** One mode measured once, warm-up and measured part. */
export interface Slot {
  readonly mode: string;
  readonly round: number;
  readonly position: number;
  readonly recording: Recording;
  /** By key: the value before the load and after it; `null` where it could not be read. */
  readonly finals: { readonly [key: string]: readonly [before: number | null, after: number | null] };
}
