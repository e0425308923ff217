import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros, type Micros } from '../../../src/core/units.ts';
import { newUser } from '../../../src/measure/iteration/user.ts';
import type { Guard, Hold } from '../../../src/measure/lock/lock.ts';
import { lockMemory, sharedGuards } from '../../../src/measure/lock/shared.ts';

// Several guards over one memory, each as in a thread of its own: they meet nowhere else. Threads that are real are in
// test/conformance/shared-lock.test.ts.

const timeoutMs = 100;
const passesAtMost = 16;
const user = newUser(0, 0);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** News from another thread comes with a turn of the event loop. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
};

interface Asked {
  readonly thread: number;
  readonly deadlineMs: number;
  got?: Hold;
}

/** Threads that ask, hold, leave, and are told when it is over; what must be true of them is looked at after each step. */
class Model {
  readonly guards: readonly Guard[];
  readonly #over: readonly AbortController[];
  readonly #waiting: Asked[][];
  readonly #passed: number[];
  #nowMs = 0;
  #inside: Asked | undefined;
  #broken: unknown;
  mostPassed = 0;

  constructor(threads: number, firstTicket = 0) {
    const memory = lockMemory(1, threads);
    const clock = { now: (): Micros => micros(this.#nowMs * 1000) };
    this.#over = Array.from({ length: threads }, () => new AbortController());
    this.guards = this.#over.map(({ signal }) =>
      sharedGuards(memory, threads, { clock, timeoutUs: micros(timeoutMs * 1000), signal })('mutex'),
    );
    this.#waiting = this.guards.map(() => []);
    this.#passed = this.guards.map(() => 0);
    afterTickets(new Int32Array(memory), firstTicket);
  }

  get inside(): Asked | undefined {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.flat().length;
  }

  ask(thread: number): void {
    const asked: Asked = { thread, deadlineMs: this.#nowMs + timeoutMs };
    const got = this.guards[thread]!.acquire(user);
    if (got instanceof Promise) {
      this.#waiting[thread]!.push(asked);
      got
        .then((hold) => this.#answer(asked, hold))
        .catch((error: unknown) => {
          this.#broken ??= error;
        });
    } else if (got.failure === undefined) {
      assert.deepEqual(this.#waiting[thread], []);
      this.#enter(asked, got);
    } else assert.deepEqual([got.failure, this.#over[thread]!.signal.aborted], ['aborted', true]);
  }

  leave(): void {
    const hold = this.#inside?.got;
    this.#inside = undefined;
    hold?.release();
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
    for (let more = 0; more < 200 && this.waiting > 0 && this.#inside === undefined; more++) await turns();
    if (this.#broken !== undefined) throw this.#broken as Error;
    for (const guard of this.guards) assert.equal(guard.waiting, this.waiting);
    // Nobody waits for a lock that nobody has.
    assert(this.waiting === 0 || this.#inside !== undefined);
    for (const { deadlineMs, thread } of this.#waiting.flat()) {
      assert(deadlineMs > this.#nowMs && !this.#over[thread]!.signal.aborted);
    }
  }

  #answer(asked: Asked, hold: Hold): void {
    // First come, first served, or sent away: all waits are equally long.
    assert.equal(this.#waiting[asked.thread]!.shift(), asked);
    if (hold.failure === 'lock') assert(asked.deadlineMs <= this.#nowMs);
    else if (hold.failure === 'aborted') assert(this.#over[asked.thread]!.signal.aborted);
    else this.#enter(asked, hold);
  }

  #enter(asked: Asked, hold: Hold): void {
    assert.equal(this.#inside, undefined);
    this.#inside = asked;
    asked.got = hold;
    this.#passed.forEach((passed, thread) => {
      const isPassed = thread !== asked.thread && this.#waiting[thread]!.length > 0;
      this.#passed[thread] = isPassed ? passed + 1 : 0;
    });
    this.mostPassed = Math.max(this.mostPassed, ...this.#passed);
    assert(this.mostPassed <= passesAtMost);
  }
}

/** As if all tickets before this one had been drawn and passed on. */
const afterTickets = (words: Int32Array, ticket: number): void => {
  const lines = words.length / 16 - 2;
  words[0] = ticket;
  for (let before = 0; before < lines; before++) {
    const one = (ticket - before) | 0;
    words[(2 + (one & (lines - 1))) * 16] = one;
  }
};

type Step =
  | { readonly kind: 'ask'; readonly thread: number }
  | { readonly kind: 'abort'; readonly thread: number }
  | { readonly kind: 'leave' }
  | { readonly kind: 'later'; readonly ms: number };

const stepsOf = (threads: number): fc.Arbitrary<readonly Step[]> => {
  const thread = fc.nat(threads - 1);
  return fc.array(
    fc.oneof(
      { weight: 40, arbitrary: fc.record({ kind: fc.constant('ask' as const), thread }) },
      { weight: 40, arbitrary: fc.constant<Step>({ kind: 'leave' }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('later' as const), ms: fc.integer({ min: 1, max: 60 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), thread }) },
    ),
    { minLength: 20, maxLength: 150 },
  );
};

const take = (model: Model, step: Step): void => {
  if (step.kind === 'ask') model.ask(step.thread);
  else if (step.kind === 'abort') model.abort(step.thread);
  else if (step.kind === 'leave') model.leave();
  else model.later(step.ms);
};

/** Where ticket numbers begin, change their sign, and come round. */
const firstTickets = [0, 2 ** 31 - 3, -3];

describe('a lock that threads share', () => {
  test('has one holder, first come first served in each thread, no thread passed over more than 16 times, and never hangs', async () => {
    const scripts = fc.constantFrom(1, 2, 3, 5, 17).chain((threads) =>
      fc.record({
        threads: fc.constant(threads),
        firstTicket: fc.constantFrom(...firstTickets),
        steps: stepsOf(threads),
      }),
    );
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 4 }), async ({ threads, firstTicket, steps }, atOnce) => {
        const model = new Model(threads, firstTicket);
        for (const [at, step] of steps.entries()) {
          take(model, step);
          if (at % atOnce > 0) continue;
          await model.check();
        }
        for (await model.check(); model.inside !== undefined; await model.check()) model.leave();
        expect(model.waiting).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test.each([2, 3, 5, 17])('goes round among %d threads that all want it all the time', async (threads) => {
    const model = new Model(threads, -40);
    const had = Array.from({ length: threads }, () => 0);
    for (let one = 0; one < threads * 20; one++) model.ask(one % threads);
    await turns();
    for (let pass = 0; pass < threads * 60; pass++) {
      const { thread } = model.inside!;
      had[thread]!++;
      model.ask(thread);
      model.leave();
      await turns();
    }
    // Used as far as it is allowed: a switch between threads is dear.
    expect(model.mostPassed).toBeGreaterThanOrEqual(Math.min(16, threads - 1));
    expect(model.mostPassed).toBeLessThanOrEqual(passesAtMost);
    expect(Math.max(...had) - Math.min(...had)).toBeLessThanOrEqual(2 * passesAtMost);
  });

  test('is had without a promise where it is free, and stays with a thread while no other asks', async () => {
    const [first, second] = new Model(2).guards as [Guard, Guard];
    for (let pair = 0; pair < 100; pair++) {
      const hold = (pair % 2 === 0 ? first : second).acquire(user);
      expect(hold).not.toBeInstanceOf(Promise);
      (hold as Hold).release();
    }
    const held = first.acquire(user) as Hold;
    const next = Array.from({ length: 40 }, async () => (await first.acquire(user)).release());
    held.release();
    await Promise.all(next);
    expect(first.waiting).toBe(0);
  });

  test('passes on the turn of a thread whose users have given up', async () => {
    const model = new Model(3);
    model.ask(0);
    model.ask(1);
    model.later(60);
    model.ask(2);
    await turns();
    model.later(50);
    await model.check();
    expect(model.waiting).toBe(1);
    model.leave();
    await turns();
    expect(model.inside?.thread).toBe(2);
  });

  test('is nobody else’s business when a thread’s slot is over: what it holds is released, what it waits for passed on', async () => {
    const model = new Model(3);
    for (const thread of [0, 1, 2, 0, 1]) model.ask(thread);
    model.abort(0);
    model.abort(1);
    await model.check();
    expect(model.inside?.thread).toBe(0);
    model.leave();
    await turns();
    expect(model.inside?.thread).toBe(2);
    model.leave();
    model.ask(2);
    expect(model.inside?.thread).toBe(2);
  });

  test('is one of its own for each name, in the order of making', () => {
    const how = { clock: { now: () => micros(0) }, timeoutUs: micros(1000), signal: new AbortController().signal };
    const memory = lockMemory(2, 2);
    const [one, other] = [sharedGuards(memory, 2, how), sharedGuards(memory, 2, how)];
    const [request, response] = [one('request'), one('response')];
    const [sameRequest, sameResponse] = [other('request'), other('response')];
    expect(request.acquire(user)).not.toBeInstanceOf(Promise);
    expect(sameRequest.acquire(user)).toBeInstanceOf(Promise);
    expect(sameResponse.acquire(user)).not.toBeInstanceOf(Promise);
    expect([request.waiting, response.waiting]).toEqual([1, 0]);
    expect(() => other('a third')).toThrow(RangeError);
  });
});
