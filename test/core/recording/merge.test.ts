import fc from 'fast-check';
import { Live } from '../../../src/core/recording/live.ts';
import { describe, expect, test } from 'vitest';
import type { FailureClass } from '../../../src/core/recording/failure.ts';
import { Histogram } from '../../../src/core/recording/histogram.ts';
import { mergeRecordings } from '../../../src/core/recording/merge.ts';
import type { Recording } from '../../../src/core/recording/recording.ts';
import { micros } from '../../../src/core/units.ts';
import { newUser, type End, type Spent } from '../../../src/measure/user.ts';
import { Recorder } from '../../../src/measure/record/recorder.ts';

/** Something that can happen to a user. */
type Event =
  | {
      readonly is: 'exchange';
      readonly step: number;
      readonly status: number;
      readonly failure?: FailureClass;
      readonly told?: readonly [lockUs: number, queryUs: number] | null;
      readonly us: number;
    }
  | {
      readonly is: 'lock';
      readonly lock: string;
      readonly waitUs: number;
      readonly holdUs: number;
      readonly queue: number;
    }
  | { readonly is: 'lapsed'; readonly lock: string }
  | { readonly is: 'section'; readonly waitUs: number; readonly holdUs: number }
  | { readonly is: 'conflict' }
  | { readonly is: 'group'; readonly group: number; readonly us: number; readonly end: End }
  | {
      readonly is: 'iteration';
      readonly number: number;
      readonly begunUs: number;
      readonly us: number;
      readonly end: End;
      readonly failure: FailureClass;
      readonly failedStep: string;
      readonly waitedUs: number;
      readonly spent: Spent;
    };

interface Happening {
  readonly user: number;
  readonly measured: boolean;
  readonly event: Event;
}

const us = fc.integer({ min: 0, max: 5_000_000 });
const failure = fc.constantFrom<FailureClass>('timeout', 'reset', 'check', 'gave-up');
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    is: fc.constant('exchange' as const),
    step: fc.nat(1),
    status: fc.constantFrom(200, 204, 412, 500),
    us,
    told: fc.option(fc.tuple(us, us)),
  }),
  fc.record({ is: fc.constant('exchange' as const), step: fc.nat(1), status: fc.constant(0), failure, us }),
  fc.record({
    is: fc.constant('lock' as const),
    lock: fc.constantFrom('request', 'response'),
    waitUs: us,
    holdUs: us,
    queue: fc.nat(9),
  }),
  fc.record({ is: fc.constant('lapsed' as const), lock: fc.constantFrom('request', 'redis') }),
  fc.record({ is: fc.constant('section' as const), waitUs: us, holdUs: us }),
  fc.record({ is: fc.constant('conflict' as const) }),
  fc.record({
    is: fc.constant('group' as const),
    group: fc.nat(1),
    us,
    end: fc.constantFrom<End>('completed', 'failed', 'interrupted', 'conflict'),
  }),
  fc.record({
    is: fc.constant('iteration' as const),
    number: fc.nat(1000),
    begunUs: us,
    us,
    end: fc.constantFrom<End>('completed', 'failed', 'interrupted'),
    failure,
    failedStep: fc.constantFrom('', 'read', 'write'),
    waitedUs: us,
    spent: fc.record({
      retriesUs: us,
      lockWaitUs: us,
      serviceUs: us,
      connectUs: us,
      serverLockUs: us,
      serverQueryUs: us,
      requests: fc.nat(9),
      wasted: fc.nat(9),
      again: fc.nat(9),
    }),
  }),
);
const happenings = fc.array(fc.record({ user: fc.nat(3), measured: fc.boolean(), event }), { maxLength: 40 });

const nobodyWatched = Histogram.empty();
const loopDelay = nobodyWatched.toTimes();
nobodyWatched.free();

const record = (all: readonly Happening[]): Recording => {
  const recorder = new Recorder({
    steps: [
      { name: 'read', opens: true },
      { name: 'write', opens: false },
    ],
    groups: ['visit', 'checkout'],
    stages: [
      { durationUs: micros(1_000_000), from: 10, to: 20 },
      { durationUs: micros(2_000_000), from: 20, to: 20 },
    ],
    users: 4,
    isOpen: true,
    window: { fromUs: 1000, toUs: 3_000_000, middleUs: 1_500_000 },
    live: new Live(),
  });
  for (const { user: index, measured, event } of all) {
    const user = newUser(index, 0);
    user.measured = measured;
    switch (event.is) {
      case 'exchange':
        const { status, failure: failed, us: doneUs } = event;
        Object.assign(user.exchange, { status, failure: failed, sentUs: 0, doneUs, bytes: doneUs % 1000 });
        if (event.told) {
          const [serverLockUs, serverQueryUs] = event.told;
          Object.assign(user.exchange, { isTimed: true, serverLockUs, serverQueryUs });
        }
        recorder.exchange(user, event.step);
        break;
      case 'lock':
        recorder.lock(user, event.lock, event.waitUs, event.holdUs, event.queue);
        break;
      case 'lapsed':
        recorder.lapsed(event.lock);
        break;
      case 'section':
        recorder.section(user, event.waitUs, event.holdUs);
        break;
      case 'conflict':
        recorder.conflict(user);
        break;
      case 'group':
        recorder.group(user, event.group, event.us, event.end);
        break;
      case 'iteration':
        user.iteration = event.number;
        user.failure = event.failure;
        user.failureText = `of ${event.number}`;
        user.failedStep = event.failedStep;
        Object.assign(user.exchange, { status: 500, body: `of ${event.number}` });
        user.freeUs = micros(event.begunUs);
        Object.assign(user.spent, event.spent);
        recorder.begun(event.begunUs);
        recorder.iteration(user, event.begunUs - event.waitedUs, event.begunUs, event.begunUs + event.us, event.end);
        break;
    }
  }
  return recorder.finish({ cpuUs: 0, idleUs: 0, wallUs: 0, gcUs: 0, longestGapUs: 0, loopDelay }, 0);
};

describe('mergeRecordings', () => {
  test('of two recordings equals recording everything at once', () => {
    fc.assert(
      fc.property(happenings, happenings, (a, b) => {
        expect(mergeRecordings([record(a), record(b)])).toEqual(record([...a, ...b]));
      }),
      { numRuns: 150 },
    );
  });

  test('of groups counts the measured passes, with a time for those that completed', () => {
    const pass = (end: End, us: number, measured = true): Happening => ({
      user: 0,
      measured,
      event: { is: 'group', group: 1, us, end },
    });
    const first = record([pass('completed', 100), pass('failed', 50), pass('completed', 7, false)]);
    const second = record([pass('completed', 300), pass('conflict', 50), pass('interrupted', 50)]);
    const { visit, checkout } = mergeRecordings([first, second]).groups!;
    expect(checkout).toMatchObject({ time: { min: 100, max: 300, sum: 400 }, unfinished: 2 });
    expect(visit).toMatchObject({ time: { sum: 0 }, unfinished: 0 });
  });

  test('of stages has each iteration in the one in which it was due, and of the backlog what lay across the edges', () => {
    const iteration = (dueUs: number, us: number, end: End = 'completed', measured = true): Happening => ({
      user: 0,
      measured,
      event: {
        is: 'iteration',
        number: 1,
        begunUs: dueUs,
        us,
        end,
        failure: 'check',
        failedStep: '',
        waitedUs: 0,
        spent: newUser(0, 0).spent,
      },
    });
    const first = record([iteration(500, 600, 'completed', false), iteration(2000, 10), iteration(1_000_999, 20)]);
    const second = record([iteration(1_001_000, 2_500_000), iteration(1_500_000, 7, 'failed')]);
    const { stages, backlog } = mergeRecordings([first, second]);
    expect(stages).toMatchObject([
      { completed: 2, failed: 0, dropped: 0, response: { min: 10, max: 20 } },
      { completed: 1, failed: 1, dropped: 0, response: { min: 2_500_000, max: 2_500_000 } },
    ]);
    expect(backlog).toEqual({ atStart: 1, atEnd: 1 });
  });

  test('does not mind the order', () => {
    fc.assert(
      fc.property(happenings, happenings, happenings, (a, b, c) => {
        const [x, y, z] = [record(a), record(b), record(c)];
        expect(mergeRecordings([x, y, z])).toEqual(mergeRecordings([mergeRecordings([z, x]), y]));
      }),
      { numRuns: 50 },
    );
  });

  test('of any split over agents and their threads, sent as JSON, equals recording everything at once', () => {
    const placed = fc.array(fc.record({ agent: fc.nat(2), thread: fc.nat(1) }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(happenings, placed, (all, places) => {
        const of = (agent: number, thread: number): Recording =>
          record(all.filter((_, at) => places[at]!.agent === agent && places[at]!.thread === thread));
        const sent = [0, 1, 2].map((agent) => JSON.stringify(mergeRecordings([of(agent, 0), of(agent, 1)])));
        const [first, ...others] = sent.map((text) => JSON.parse(text) as Recording);
        expect(mergeRecordings([first!, ...others])).toEqual(record(all));
      }),
      { numRuns: 40 },
    );
  });

  test('a recording is plain JSON', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const recording = record(all);
        expect(JSON.parse(JSON.stringify(recording))).toEqual(recording);
      }),
      { numRuns: 50 },
    );
  });
});
