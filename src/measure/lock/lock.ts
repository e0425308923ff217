import type { Clock } from '../../core/clock.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import type { Json } from '../../core/json.ts';
import type { Micros } from '../../core/units.ts';
import type { User } from '../user.ts';

/** Being inside. May be the same object each time; with `refused` set, the user is not inside and has nothing to release. */
export interface Hold {
  readonly refused?: Refusal;
  /** The fencing token of a lease: greater with every holder of the same key. */
  readonly token?: number;
  /** Leaves. Giving back a lease takes a while, and may show that it ran out while it was held. Never rejects. */
  release(): void | Promise<'kept' | 'lapsed'>;
}

/** Why a user is not let in: the slot is over, the wait took too long, or the server that keeps the lock cannot be reached. */
export type Refusal = 'aborted' | 'too late' | { readonly failure: FailureClass; readonly text: string };

/** `shared`: read only. A lock without readers treats both the same. */
export type Access = 'shared' | 'exclusive';

/** One lock as this shard sees it. */
export interface Guard {
  /** `mutex`, `request`, `response`: what the report calls it. */
  readonly name: string;
  /** How many users wait now in all its lines together, without those inside. */
  readonly waiting: number;
  /**
   * If free, answers without a promise. Otherwise sets `user.queue`, and settles when the lock is held, was not had in time,
   * or the slot is over.
   *
   * @throws {TemplateValueError} where there is a lock for each key and the key has no value; nothing is held then
   */
  acquire(user: User, access: Access): Hold | Promise<Hold>;
}

/**
 * What a lock holds, and around what. `none` is {}: the compiled iteration then has no code for locks.
 *
 * `section`: from before the first request. `processing`: while the last answer is processed, acquired before `section` is
 * released or, if `nested`, held inside it.
 */
export interface Lock {
  readonly section?: Guard;
  readonly processing?: Guard;
  readonly nested?: boolean;
  /** Prepares what the lock needs outside this process, once per slot, before the first user asks for it. */
  readonly open?: () => Promise<void>;
  /** Gives that back when the slot is over and no user is inside. Never rejects. */
  readonly close?: () => Promise<void>;
}

/** What a guard is made with, once per slot. */
export interface GuardOptions {
  readonly clock: Clock;
  /** How long a wait may take before it fails as `lock`. */
  readonly timeoutUs: Micros;
  /** Once aborted, all users that wait or come later are sent away as `aborted`. */
  readonly signal: AbortSignal;
}

/** What a guard is: its name, how many may be inside, and whether there is one lock for all. */
export interface GuardSpec {
  readonly name: string;
  /** `readers`: any number of users that only read, or one that does not. */
  readonly room: number | 'readers';
  /** A lock for each value; absent: one for all. */
  readonly key?: (user: User) => string;
}

/** Makes a guard: for the users of this thread alone or, with several threads, for all users of the slot. */
export type MakeGuard = (spec: GuardSpec) => Guard;

/** What a lock is made of. */
export interface LockParts extends GuardOptions {
  readonly guard: MakeGuard;
  /** Compiles a template over a user's variables; the result throws {@link TemplateValueError} where a variable has no value. */
  readonly text: (template: string) => (user: User) => string;
}

/**
 * Makes a lock, without contacting any server before `open`; `options` are the scenario's, parsed by the syntax of the word.
 * Every thread makes the same guards in the same order.
 */
export type MakeLock = (options: Json, parts: LockParts) => Lock;
