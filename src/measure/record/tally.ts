import type { End, User } from '../user.ts';

/** Who is told what happens while it happens; the recording of a slot is what it adds up to. Called per event: it must not allocate. */
export interface Tally {
  /** A request that `user.exchange` holds: answered or failed. `step`: its place among the mode's requests. */
  exchange(user: User, step: number): void;
  /** One lock, taken and released. `queue`: how many were waiting in line, the asker among them; 0: it was free. */
  lock(user: User, lock: string, waitUs: number, holdUs: number, queue: number): void;
  /** A lease that ran out while it was held: another user may have been inside. Warm-up and drain included. */
  lapsed(lock: string): void;
  /** One pass through a locked critical section: all its waits together, and the rest of it. */
  section(user: User, waitUs: number, holdUs: number): void;
  /** A pass through a critical section begins that no request opens, see `RecorderOptions.steps`. */
  attempt(user: User): void;
  /** One pass through a group, and how it ended. `group`: its place among the mode's groups. */
  group(user: User, group: number, us: number, end: End): void;
  /** A conflict ended an attempt. */
  conflict(user: User): void;
  /** `user.failure` says why, if the end is `failed`; `user.spent`: what its time was spent on. */
  iteration(user: User, intendedUs: number, begunUs: number, endedUs: number, end: End): void;
}

/** Who else is notified when iterations begin. */
export interface SlotTally extends Tally {
  /** Some user begins an iteration, at that moment. */
  begun(begunUs: number): void;
}
