import type { End, User } from '../user.ts';

/** Receives what happens as it happens; a slot's recording is its sum. Called per event: it must not allocate. */
export interface Tally {
  /** A request in `user.exchange`, answered or failed. `step`: its place among the mode's requests. */
  exchange(user: User, step: number): void;
  /** One lock, taken and released. `queue`: how many stood in line, this user included; 0: it was free. */
  lock(user: User, lock: string, waitUs: number, holdUs: number, queue: number): void;
  /** A lease ran out while it was held: another user may have been inside. Warm-up and drain included. */
  lapsed(lock: string): void;
  /** One pass through a locked critical section: all its waits together, and the rest of it. */
  section(user: User, waitUs: number, holdUs: number): void;
  /** A pass through a critical section begins that no request opens, see `RecorderOptions.steps`. */
  attempt(user: User): void;
  /** One pass through a group, and how it ended. `group`: its place among the mode's groups. */
  group(user: User, group: number, us: number, end: End): void;
  /** A conflict ended an attempt. */
  conflict(user: User): void;
  /** `user.failure` gives the reason if the end is `failed`; `user.spent`: what its time was spent on. */
  iteration(user: User, intendedUs: number, begunUs: number, endedUs: number, end: End): void;
}

/** Also receives the beginnings of iterations. */
export interface SlotTally extends Tally {
  /** A user begins an iteration at that time. */
  begun(begunUs: number): void;
}
