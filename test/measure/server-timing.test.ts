import { describe, expect, test } from 'vitest';
import { addServerTimes, type ServerTimes } from '../../src/measure/server-timing.ts';

const timesIn = (...headers: readonly string[]): ServerTimes => {
  const times = { isTimed: false, serverLockUs: 7, serverQueryUs: 7 };
  for (const header of headers) addServerTimes(header, times);
  return times;
};

describe('Server-Timing', () => {
  test.each([
    ['lock;dur=1.5, db;dur=3', 1500, 3000],
    ['db;dur=0.25', 0, 250],
    ['LOCK ; dur = 2 ,Db;desc=x;dur=4', 2000, 4000],
    ['cache;desc="a, lock;dur=9", lock;dur=1', 1000, 0],
    ['db;desc="say \\"x\\", db;dur=5";dur=2', 0, 2000],
    ['db;dur=1, db;dur=2', 0, 3000],
    ['lock;dur=0', 0, 0],
  ])('%s is %i µs of lock wait and %i µs of queries', (header, serverLockUs, serverQueryUs) => {
    expect(timesIn(header)).toEqual({ isTimed: true, serverLockUs, serverQueryUs });
  });

  test.each([
    '',
    'total;dur=5',
    'lock',
    'lock;desc="waits"',
    'db;dur=',
    'db;dur=-1',
    'db;dur=1e3',
    'database;dur=1',
    'db;dur="3"',
  ])('%j says nothing of either', (header) => {
    expect(timesIn(header).isTimed).toBe(false);
  });

  test('several headers add up', () => {
    expect(timesIn('db;dur=1', 'lock;dur=2', 'db;dur=4')).toMatchObject({ serverLockUs: 2000, serverQueryUs: 5000 });
  });
});
