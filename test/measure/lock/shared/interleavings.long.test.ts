import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exploreAll, exploreOne, type Setting } from './interleavings.ts';
import { mutexIn, oneTurn, roomIn } from './settings.ts';

// As interleavings.test.ts, with more threads and more users.

const withinMs = 240_000;

test.each<[string, Setting, number]>([
  [
    'a mutex of two threads',
    mutexIn({
      asks: [
        [1, 1],
        [1, 1],
      ],
      firstTicket: -2,
    }),
    1,
  ],
  [
    'a mutex of three users and two',
    mutexIn({
      asks: [
        [1, 1, 1],
        [1, 1],
      ],
      letIn: 'given',
    }),
    1,
  ],
  ['a mutex that may pass three times', mutexIn({ asks: [[1, 1, 1, 1, 1], [1]], passesAtMost: 3 }), 3],
  ['a mutex whose users give up', mutexIn({ asks: [[1, 1, 1], [1]], sentAway: 2 }), 1],
  ['a mutex of three threads', mutexIn({ asks: [[1, 1], [1], [1]], shape: oneTurn }), 2],
  ['readers and a writer', roomIn({ asks: [[1, 1], [2]] }), 1],
  ['writers and a reader', roomIn({ asks: [[2, 2], [1]], firstTicket: 2 ** 31 - 2 }), 1],
])(
  'in every order there is no more inside than room, no thread is passed over more than promised, and all is free in the end: %s',
  (_, setting, mostPassed) => {
    expect(exploreAll(setting).mostPassed).toBe(mostPassed);
  },
  withinMs,
);

test.each<[string, Setting, number]>([
  [
    'a mutex whose users give up in both threads',
    mutexIn({
      asks: [
        [1, 1, 1],
        [1, 1],
      ],
      sentAway: 1,
      heldUp: 2,
    }),
    1,
  ],
  ['a mutex of four threads', mutexIn({ asks: [[1], [1], [1], [1]], shape: oneTurn, heldUp: 2 }), 3],
  [
    'readers and writers in both threads',
    roomIn({
      asks: [
        [1, 2],
        [1, 2],
      ],
      heldUp: 2,
    }),
    1,
  ],
  ['readers behind a writer', roomIn({ asks: [[2, 1, 1], [1]], heldUp: 2 }), 1],
  ['room for two of four', roomIn({ asks: [[1, 1, 1], [1]], heldUp: 3 }), 1],
  [
    'readers and writers who give up',
    roomIn({
      asks: [
        [1, 2],
        [2, 1],
      ],
      sentAway: 1,
      heldUp: 1,
    }),
    1,
  ],
  ['readers and a writer in three threads', roomIn({ asks: [[1], [1], [2]], shape: oneTurn, heldUp: 3 }), 2],
])(
  'so it is in every order in which threads are held up a few times: %s',
  (_, setting, mostPassed) => {
    expect(exploreAll(setting).mostPassed).toBe(mostPassed);
  },
  withinMs,
);

describe.each([2, 3, 5, 18])('among %d threads', (threads) => {
  const passesAtMost = Math.max(1, Math.floor(16 / (threads - 1)));
  const users = fc.array(fc.constantFrom(1, 1, 2), { maxLength: Math.floor(100 / threads), size: 'max' });
  const scripts = fc.record({
    asks: fc.array(users, { minLength: threads, maxLength: threads }),
    sentAway: fc.nat(3),
    firstTicket: fc.constantFrom(0, 2 ** 31 - 3, -3),
    seed: fc.nat(),
  });

  test.each<[string, (script: Pick<Setting, 'asks' | 'sentAway' | 'firstTicket'>) => Setting]>([
    ['mutex', (script) => mutexIn({ ...script, passesAtMost, asks: script.asks.map((one) => one.map(() => 1)) })],
    ['room', (script) => roomIn({ ...script, passesAtMost })],
  ])(
    'a %s keeps its promises in any order that is drawn',
    (_, settingOf) => {
      let mostPassed = 0;
      fc.assert(
        fc.property(scripts, ({ seed, ...script }) => {
          mostPassed = Math.max(mostPassed, exploreOne(settingOf(script), seed).mostPassed);
        }),
        { numRuns: 100, endOnFailure: true },
      );
      // How near drawn orders come to the bound is chance; that it is reached is said of a fixed order, in shared.test.ts.
      expect(mostPassed).toBeGreaterThan((threads - 1) / 2);
      expect(mostPassed).toBeLessThanOrEqual(Math.max(16, threads - 1));
    },
    withinMs,
  );
});
