import assert from 'node:assert/strict';
import fc from 'fast-check';
import { vi } from 'vitest';
import { micros, type Micros } from '../../../src/core/units.ts';
import { newUser, type User } from '../../../src/measure/user.ts';
import type { Access, Guard, GuardOptions, GuardSpec, Hold, MakeGuard } from '../../../src/measure/lock/lock.ts';

/** How long a wait of the model may take. */
const timeoutMs = 100;

/** How many of others may be let in while a thread waits: 16, or one of each other thread where those are more. */
export const passesAtMost = (threads: number): number => Math.max(16, threads - 1);

/** News from another thread comes with a turn of the event loop. */
export const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A user whose key is this. */
export const userOf = (key: string): User => {
  const user = newUser(0, 1);
  user.variables[0] = key;
  return user;
};

/** The key of {@link userOf}. */
export const keyOf = (user: User): string => String(user.variables[0]);

/** Somebody who asked for a lock. */
export interface Asked {
  readonly thread: number;
  readonly key: string;
  readonly share: number;
  readonly deadlineMs: number;
  got?: Hold;
}

/** One step of a script. */
export type Step =
  | { readonly kind: 'ask'; readonly thread: number; readonly access: Access; readonly key: string }
  | { readonly kind: 'abort'; readonly thread: number }
  | { readonly kind: 'leave'; readonly which: number }
  | { readonly kind: 'later'; readonly ms: number };

/** Scripts for so many threads. */
export const stepsOf = (threads: number): fc.Arbitrary<readonly Step[]> => {
  const thread = fc.nat(threads - 1);
  const asks = fc.record({
    kind: fc.constant('ask' as const),
    thread,
    access: fc.constantFrom<Access>('shared', 'shared', 'exclusive'),
    key: fc.constantFrom('1', '2', 'a long one'),
  });
  return fc.array(
    fc.oneof(
      { weight: 40, arbitrary: asks },
      { weight: 36, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(20) }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('later' as const), ms: fc.integer({ min: 1, max: 60 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), thread }) },
    ),
    { minLength: 20, maxLength: 150 },
  );
};

/** What a model is of. */
export interface ModelOptions {
  readonly threads: number;
  readonly spec: GuardSpec;
  /** For each thread. */
  readonly make: (how: GuardOptions) => MakeGuard;
}

const placeOf = ({ thread, key }: Pick<Asked, 'thread' | 'key'>): string => `${thread} ${key}`;

/** Threads that ask, hold, leave, and are told when it is over; what must be true of them is looked at after each step. */
export class Model {
  readonly guards: readonly Guard[];
  readonly #spec: GuardSpec;
  readonly #over: readonly AbortController[];
  #waiting: readonly Asked[] = [];
  #inside: readonly Asked[] = [];
  /** By thread and key. */
  readonly #passed = new Map<string, number>();
  #nowMs = 0;
  #checks = 0;
  #broken: unknown;
  mostPassed = 0;

  constructor({ threads, spec, make }: ModelOptions) {
    const clock = { now: (): Micros => micros(this.#nowMs * 1000) };
    this.#spec = spec;
    this.#over = Array.from({ length: threads }, () => new AbortController());
    this.guards = this.#over.map(({ signal }) => make({ clock, timeoutUs: micros(timeoutMs * 1000), signal })(spec));
  }

  get inside(): readonly Asked[] {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many may be inside. */
  get room(): GuardSpec['room'] {
    return this.#spec.room;
  }

  take(step: Step): void {
    if (step.kind === 'ask') this.ask(step.thread, step.access, step.key);
    else if (step.kind === 'abort') this.abort(step.thread);
    else if (step.kind === 'leave') this.leave(step.which);
    else this.later(step.ms);
  }

  ask(thread: number, access: Access = 'exclusive', wanted = '1'): void {
    const key = this.#spec.key === undefined ? '' : wanted;
    const share = access === 'exclusive' && this.#spec.room === 'readers' ? Infinity : 1;
    const asked: Asked = { thread, key, share, deadlineMs: this.#nowMs + timeoutMs };
    const user = userOf(wanted);
    const got = this.guards[thread]!.acquire(user, access);
    this.#waiting = [...this.#waiting, asked];
    if (got instanceof Promise) {
      // Some of whom the model thinks that they wait may have their answer on its way.
      const most = this.#waiting.filter((one) => one.key === key).length;
      assert(user.queue >= 1 && user.queue <= most, `a queue of ${user.queue}, where ${most} wait`);
    }
    // What was had at once takes its place behind the answers that are on their way.
    Promise.resolve(got)
      .then((hold) => this.#answer(asked, hold))
      .catch((error: unknown) => {
        this.#broken ??= error;
      });
  }

  /** One of those inside leaves, if there is any. */
  leave(which = 0): void {
    const asked = this.#inside[which % this.#inside.length];
    this.#inside = this.#inside.filter((one) => one !== asked);
    void asked?.got?.release();
  }

  later(ms: number): void {
    this.#nowMs += ms;
    vi.advanceTimersByTime(ms);
  }

  abort(thread: number): void {
    this.#over[thread]!.abort();
  }

  /** What must be true once the news is everywhere. */
  async check(): Promise<void> {
    await turns();
    // From thread to thread, where nobody wants it any more in those that are next.
    for (let more = 0; more < 200 && this.#isUnsettled(); more++) await turns();
    if (this.#broken !== undefined) throw this.#broken as Error;
    // With keys it is the sum over a long table: now and then, and when all is over.
    const isSum = this.#spec.key !== undefined;
    const isLookedAt = !isSum || this.#checks++ % 8 === 0 || this.waiting + this.#inside.length === 0;
    const lookedAt = isLookedAt ? this.guards.slice(0, isSum ? 1 : undefined) : [];
    for (const guard of lookedAt) assert.equal(guard.waiting, this.waiting);
    assert(!this.#isUnsettled());
    for (const { deadlineMs, thread } of this.#waiting) {
      assert(deadlineMs > this.#nowMs && !this.#over[thread]!.signal.aborted);
    }
  }

  /** Somebody waits for a lock that has room for the first of every thread. */
  #isUnsettled(): boolean {
    return [...new Set(this.#waiting.map(({ key }) => key))].some((key) => {
      const firsts = this.guards.flatMap((_, thread) => this.#first({ thread, key }) ?? []);
      return firsts.every((first) => this.#hasRoom(first));
    });
  }

  #first({ thread, key }: { readonly thread: number; readonly key: string }): Asked | undefined {
    return this.#waiting.find((one) => one.thread === thread && one.key === key);
  }

  #hasRoom({ key, share }: Asked): boolean {
    const inside = this.#inside.filter((one) => one.key === key);
    const taken = inside.reduce((sum, one) => sum + one.share, 0);
    if (this.#spec.room === 'readers') return inside.length === 0 || (share === 1 && taken < Infinity);
    return taken + share <= this.#spec.room;
  }

  #answer(asked: Asked, hold: Hold): void {
    // First come, first served, or sent away: all waits are equally long.
    assert.equal(this.#first(asked), asked);
    this.#waiting = this.#waiting.filter((one) => one !== asked);
    // Whoever of the thread comes next begins a wait of its own.
    if (this.#first(asked) === undefined) this.#passed.delete(placeOf(asked));
    if (hold.refused === 'too late') assert(asked.deadlineMs <= this.#nowMs);
    else if (hold.refused === 'aborted') assert(this.#over[asked.thread]!.signal.aborted);
    else this.#enter(asked, hold);
  }

  #enter(asked: Asked, hold: Hold): void {
    assert(this.#hasRoom(asked), 'no room');
    this.#inside = [...this.#inside, asked];
    asked.got = hold;
    for (const thread of this.guards.keys()) {
      const place = placeOf({ thread, key: asked.key });
      const isPassed = thread !== asked.thread && this.#first({ thread, key: asked.key }) !== undefined;
      const passed = isPassed ? (this.#passed.get(place) ?? 0) + 1 : 0;
      this.#passed.set(place, passed);
      this.mostPassed = Math.max(this.mostPassed, passed);
    }
    assert(this.mostPassed <= passesAtMost(this.guards.length), `passed over ${this.mostPassed} times`);
  }
}

/** Runs a script to its end and until all have left, looking after every few steps. */
export const follow = async (model: Model, steps: readonly Step[], atOnce: number): Promise<void> => {
  for (const [at, step] of steps.entries()) {
    model.take(step);
    // One step may let in any number where there is room for several. They go on in a microtask, and are not to pass a thread
    // that comes with the next step. Where there is room for one, not even those who have yet to go on may pass too often.
    if (model.room !== 1) await Promise.resolve();
    if (at % atOnce === 0) await model.check();
  }
  for (await model.check(); model.inside.length > 0; await model.check()) model.leave();
};

/** Every kind of guard that a lock is made of. */
export const specs: readonly GuardSpec[] = [
  { name: 'mutex', room: 1 },
  { name: 'keyed', room: 1, key: keyOf },
  { name: 'semaphore', room: 3 },
  { name: 'read-write', room: 'readers' },
  { name: 'keyed read-write', room: 'readers', key: keyOf },
];
