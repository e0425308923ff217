import { expect, test } from 'vitest';
import { exploreAll, exploreOne, type Setting } from './interleavings.ts';
import { mutexIn, oneTurn, roomIn } from './settings.ts';

// More threads, more users, and threads that are held up more than once are in interleavings.long.test.ts.

/** The first thread was told to wait for room, and may still be notified of it. */
const afterGivenUp = roomIn({
  asks: [
    [1, 1, 2],
    [1, 1],
  ],
  before: [
    [0, 'ask 1'],
    [1, 'ask 1'],
    [0, 'ask 1'],
    [0, 'send away'],
    [1, 'leave'],
  ],
  sentAway: 1,
  heldUp: 2,
});

/** Two readers are let in in one turn. */
const behindWriter = roomIn({
  asks: [[2, 1, 1], [1]],
  before: [
    [0, 'ask 2'],
    [0, 'ask 1'],
    [0, 'ask 1'],
  ],
  heldUp: 1,
});

test.each<[string, Setting, number]>([
  [
    'a mutex of two threads',
    mutexIn({
      asks: [
        [1, 1],
        [1, 1],
      ],
      heldUp: 1,
    }),
    1,
  ],
  ['a mutex that may pass twice', mutexIn({ asks: [[1, 1, 1], [1]], passesAtMost: 2, heldUp: 1 }), 2],
  ['a mutex whose users give up', mutexIn({ asks: [[1, 1], [1]], sentAway: 1, heldUp: 1, firstTicket: -1 }), 1],
  ['a mutex of three threads', mutexIn({ asks: [[1], [1], [1]], shape: oneTurn, heldUp: 1 }), 2],
  ['readers and a writer', roomIn({ asks: [[1, 1], [2]], heldUp: 1, firstTicket: 2 ** 31 - 1 }), 1],
  ['readers behind a writer', behindWriter, 1],
  ['readers and writers who give up', roomIn({ asks: [[1, 2], [2]], sentAway: 1, heldUp: 1, firstTicket: -1 }), 1],
  ['a writer after a reader who gave up', afterGivenUp, 1],
  ['readers and a writer in three threads', roomIn({ asks: [[1], [1], [2]], shape: oneTurn, heldUp: 1 }), 2],
])(
  'in every order in which a thread is held up once or twice there is no more inside than room, no thread is passed over more than promised, and all is free in the end: %s',
  (_, setting, mostPassed) => {
    expect(exploreAll(setting).mostPassed).toBe(mostPassed);
  },
);

test.each<[string, (asks: Setting['asks']) => Setting]>([
  ['mutex', (asks) => mutexIn({ asks, passesAtMost: 16 })],
  ['room', (asks) => roomIn({ asks, passesAtMost: 16 })],
])('a %s passes a thread over 16 times at most, and as often, in twelve orders of many', (_, settingOf) => {
  const asks = [Array.from({ length: 40 }, () => 1), [1, 1]];
  const found = Array.from({ length: 12 }, (__, seed) => exploreOne(settingOf(asks), seed).mostPassed);
  expect(Math.max(...found)).toBe(16);
});
