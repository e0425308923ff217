import type { Clock } from '../../core/clock.ts';
import type { Json } from '../../core/json.ts';
import type { Micros } from '../../core/units.ts';
import type { User } from '../iteration/user.ts';

/** Being inside. The same object may be handed out each time; with `failure` set: not inside, nothing to release. */
export interface Hold {
  readonly failure?: 'lock' | 'aborted';
  release(): void;
}

/** One lock as this shard sees it. */
export interface Guard {
  /** `mutex`, `request`, `response`: what the report calls it. */
  readonly name: string;
  /** How many wait now, the holder not among them. */
  readonly waiting: number;
  /** Free: answers without a promise. Otherwise settles when the lock is held, was not had in time, or the slot is over. */
  acquire(user: User): Hold | Promise<Hold>;
}

/**
 * What a lock holds, and around what. `none` is {}: no code for locks is then in the compiled iteration.
 *
 * `section`: from before the first request. `processing`: while the last answer is processed, asked for before `section`
 * is released, or, `nested`, held inside it.
 */
export interface Lock {
  readonly section?: Guard;
  readonly processing?: Guard;
  readonly nested?: boolean;
}

/** What a guard is made with, once per slot. */
export interface GuardOptions {
  readonly clock: Clock;
  /** How long a wait may take before it fails as `lock`. */
  readonly timeoutUs: Micros;
  /** Aborted: whoever waits is sent away as `aborted`, and whoever comes later. */
  readonly signal: AbortSignal;
}

/** Makes a guard of that name: for the users of this thread alone, or, over several threads, for all users of the slot. */
export type MakeGuard = (name: string) => Guard;

/** Makes a lock; `options` are the scenario's, parsed by the syntax of the word. Every thread makes the same guards in the same order. */
export type MakeLock = (options: Json, guard: MakeGuard) => Lock;
