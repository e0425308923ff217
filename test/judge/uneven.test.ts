import { describe, expect, test } from 'vitest';
import type { ConnectionCounts } from '../../src/core/recording/recording.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import type { Slot } from '../../src/core/slot.ts';
import type { Warning } from '../../src/core/result/warning.ts';
import { jain } from '../../src/judge/mode-result.ts';
import { unevenness } from '../../src/judge/uneven.ts';
import { iterations, modeWith } from './mode.ts';

type Counts = Pick<ConnectionCounts, 'opened' | 'open' | 'answering' | 'starved'>;

const whole = (counts: Counts): ConnectionCounts => ({
  closed: 0,
  closedAnswers: 0,
  closedLost: 0,
  unclosed: 0,
  ...counts,
});

const warningsOf = (mode: Partial<ModeResult>, recordings: readonly Partial<Slot['recording']>[]): readonly Warning[] =>
  unevenness(
    modeWith({ name: 'free', lock: 'none', users: 8, fairness: 1, ...mode }),
    recordings.map((recording) => ({ recording: { completedByUser: [1], ...recording } }) as unknown as Slot),
  );

const codes = (...connections: readonly Counts[]): string[] =>
  warningsOf(
    {},
    connections.map((counts) => ({ connections: whole(counts) })),
  ).map(({ code }) => code);

describe('a target that answers on some of the connections alone', () => {
  test('is told, with how many', () => {
    const [warning] = warningsOf({}, [{ connections: whole({ opened: 8, open: 8, answering: 1, starved: 7 }) }]);
    expect(warning).toMatchObject({ code: 'TARGET_SERIAL' });
    expect(warning!.message).toContain('the target of free answers on 1 of 8 open connections at a time');
    expect(warning!.hint).toContain('1 user, or --no-keepalive');
  });

  test.each<readonly [string, readonly Counts[], readonly string[]]>([
    ['the other of two', [{ opened: 2, open: 2, answering: 1, starved: 1 }], ['TARGET_SERIAL']],
    ['four of eight', [{ opened: 8, open: 8, answering: 4, starved: 4 }], ['TARGET_SERIAL']],
    ['one of five, once', [{ opened: 5, open: 5, answering: 4, starved: 1 }], []],
    [
      'one of five, in every slot',
      Array.from({ length: 6 }, () => ({ opened: 5, open: 5, answering: 4, starved: 1 })),
      ['TARGET_SERIAL'],
    ],
    ['a few of many that were opened: requests that hang', [{ opened: 640, open: 64, answering: 63, starved: 19 }], []],
    ['none', [{ opened: 64, open: 64, answering: 64, starved: 0 }], []],
  ])('is so where it leaves out %s: %j', (_what, connections, told) => {
    expect(codes(...connections)).toEqual(told);
  });

  test('is not looked for where nobody counted connections', () => {
    expect(warningsOf({}, [{}])).toEqual([]);
  });
});

describe('users who did not get alike', () => {
  const told = (perSlot: readonly (readonly number[])[], mode: Partial<ModeResult> = {}): readonly string[] => {
    const sums = perSlot[0]!.map((_, user) => perSlot.reduce((sum, slot) => sum + slot[user]!, 0));
    const completed = sums.reduce((sum, count) => sum + count, 0);
    const result = { users: sums.length, fairness: jain(sums), iterations: iterations({ completed }), ...mode };
    return warningsOf(
      result,
      perSlot.map((completedByUser) => ({ completedByUser })),
    ).map(({ message }) => message);
  };

  test('are told where nobody held them off, with how many had nothing', () => {
    const [message] = told([[100, 100, 100, 100, 0, 0, 0, 0]]);
    expect(message).toMatch(
      /^the users of free completed very unevenly.*fairness 0\.50.*; 4 of 8 users completed nothing\.$/u,
    );
  });

  test('are told also where others starve in each slot, so that all have something in the end', () => {
    const slots = [0, 1, 2, 3, 4, 5].map((slot) => [0, 1, 2, 3].map((user) => ((user + slot) % 2 === 0 ? 100 : 0)));
    expect(told(slots)[0]).toContain('fairness 0.50');
  });

  test.each<readonly [string, readonly number[], Partial<ModeResult>]>([
    ['all have about the same', [100, 90, 110, 95, 105, 100, 99, 101], {}],
    ['there are too few to tell: one each for half of them', [1, 1, 1, 1, 0, 0, 0, 0], {}],
    ['there is a lock', [400, 400, 0, 0], { lock: 'mutex' }],
    ['users are not meant to do alike', [400, 400, 0, 0], { fairness: null }],
  ])('are not told where %s', (_why, completedByUser, mode) => {
    expect(told([completedByUser], mode)).toEqual([]);
  });

  test('are told of few completions where they are all of one', () => {
    expect(told([[21, 0, 0, 0, 0, 0, 0, 0]])).toHaveLength(1);
  });
});
