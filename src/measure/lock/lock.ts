import type { Clock } from '../../core/clock.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import type { Json } from '../../core/json.ts';
import type { Micros } from '../../core/units.ts';
import type { User } from '../user.ts';

/** Being inside. The same object may be handed out each time; with `refused` set: not inside, nothing to release. */
export interface Hold {
  readonly refused?: Refusal;
  /** The fencing token of a lease: greater with every holder of the same key. */
  readonly token?: number;
  /** Leaves. A lease takes a while to give back, and may turn out to have run out while it was held. Never rejects. */
  release(): void | Promise<'kept' | 'lapsed'>;
}

/** Why somebody is not let in: the slot is over, the wait took too long, or whoever keeps the lock cannot be asked. */
export type Refusal = 'aborted' | 'too late' | { readonly failure: FailureClass; readonly text: string };

/** `shared`: only to read. A lock that knows no readers takes both for the same. */
export type Access = 'shared' | 'exclusive';

/** One lock as this shard sees it. */
export interface Guard {
  /** `mutex`, `request`, `response`: what the report calls it. */
  readonly name: string;
  /** How many wait now, whoever is inside not among them, in all its lines together. */
  readonly waiting: number;
  /**
   * Free: answers without a promise. Otherwise sets `user.queue`, and settles when the lock is held, was not had in time,
   * or the slot is over.
   *
   * @throws {TemplateValueError} where the lock is one for each key and the key has no value; nothing is held then
   */
  acquire(user: User, access: Access): Hold | Promise<Hold>;
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
  /** Makes ready what the lock needs outside this process, once per slot, before anybody asks for it. */
  readonly open?: () => Promise<void>;
  /** Gives that back when the slot is over and nobody is inside. Never rejects. */
  readonly close?: () => Promise<void>;
}

/** What a guard is made with, once per slot. */
export interface GuardOptions {
  readonly clock: Clock;
  /** How long a wait may take before it fails as `lock`. */
  readonly timeoutUs: Micros;
  /** Aborted: whoever waits is sent away as `aborted`, and whoever comes later. */
  readonly signal: AbortSignal;
}

/** What a guard is: its name, how many may be inside, and whether there is one for all. */
export interface GuardSpec {
  readonly name: string;
  /** `readers`: any number of those who only read, or one who does not. */
  readonly room: number | 'readers';
  /** A lock of its own for each value; absent: one for all. */
  readonly key?: (user: User) => string;
}

/** Makes a guard: for the users of this thread alone, or, over several threads, for all users of the slot. */
export type MakeGuard = (spec: GuardSpec) => Guard;

/** What a lock is made of. */
export interface LockParts extends GuardOptions {
  readonly guard: MakeGuard;
  /** A template over a user's variables: it throws {@link TemplateValueError} where one has no value. */
  readonly text: (template: string) => (user: User) => string;
}

/**
 * Makes a lock, and asks nobody outside for anything before `open`; `options` are the scenario's, parsed by the syntax of
 * the word. Every thread makes the same guards in the same order.
 */
export type MakeLock = (options: Json, parts: LockParts) => Lock;
