import { expect, test } from 'vitest';
import { sweepTexts } from '../../../src/cli/progress/announce-sweep.ts';
import type { SweepPlan } from '../../../src/core/sweep/plan.ts';
import { readSweep } from '../../../src/scenario/read-sweep.ts';

const sweepOf = (over: string, gates: string, more = '', find?: 'capacity'): SweepPlan => {
  const text = `target: http://shop.test\nsteps: [{ get: /x }]\ngates: ${gates}\n${more}`;
  const sweep = { over, find, width: 0.05 };
  const read = readSweep({ text, file: 'x.yaml', seed: 1, settings: [], sweep });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.sweep;
};

const minutes = { leastUs: 118e6, mostUs: 302e6 };

test('a search says what it looks for, how long it takes, how long a probe is and why', () => {
  expect(sweepTexts({ sweep: sweepOf('rate=50..5000', '["p99 < 50ms"]', '', 'capacity'), length: minutes })).toEqual([
    'the highest rate from 50/s to 5,000/s that passes the gate',
    'Within 5 %, about 2 to 5 min.',
    'A probe takes 40.8 s at 50/s and 5 s at 5,000/s:',
    'the gate needs 2,000 iterations.',
  ]);
});

test('one whose probes are all alike says no reason, and one of several modes how many there are', () => {
  const modes = 'modes: { a: none, b: mutex }';
  const sweep = sweepOf('users=1..64', '["p99(a) < 50ms", "p99(b) < 50ms"]', modes, 'capacity');
  expect(sweepTexts({ sweep, length: { leastUs: 40e6, mostUs: 90e6 } })).toEqual([
    '2 modes, the most users, from 1 to 64, that pass the gates',
    'Within 5 %, about 40 to 90 s.',
    'A probe takes 5 s.',
  ]);
});

test('a grid says how large it is, and what was cut', () => {
  const length = { leastUs: 4e6, mostUs: 4e6 };
  expect(sweepTexts({ sweep: sweepOf('users=1,2', '[]'), length, cut: '--budget 4s: slots were shortened' })).toEqual([
    '1 mode × 2 points × 7 rounds over users, about 4 s',
    '--budget 4s: slots were shortened.',
  ]);
});
