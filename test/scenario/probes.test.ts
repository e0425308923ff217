import { describe, expect, test } from 'vitest';
import { slotMeasuredUs } from '../../src/core/sweep/probe.ts';
import { readSweep } from '../../src/scenario/read-sweep.ts';

interface Parts {
  readonly load?: string;
  readonly gates?: string;
  readonly more?: string;
  readonly over?: string;
}

/** How long the probes of a search are, in s, at each of these loads. */
const secondsAt = (
  loads: readonly number[],
  { load = '', gates = '["p99 < 50ms"]', more = '', over = 'rate=50..5000' }: Parts = {},
): readonly number[] => {
  const text = `target: http://shop.test\n${load}\nsteps: [{ get: /x, name: x }]\ngates: ${gates}\n${more}\n`;
  const sweep = { over, find: 'capacity', width: 0.05 } as const;
  const read = readSweep({ text, file: 'x.yaml', seed: 1, settings: [], sweep });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return loads.map((at) => {
    const { modes, rounds } = read.sweep.planAt(at);
    return Math.round(slotMeasuredUs(modes[0], rounds) / 1e4) / 100;
  });
};

describe('a probe is as long as its gates take to be decided', () => {
  test('at the rate of its load: p99 takes 2,000 iterations, and a few more as some may fail', () => {
    expect(secondsAt([50, 100, 237, 400, 5000])).toEqual([40.82, 20.41, 8.61, 5.1, 5]);
  });

  test.each([
    ['p50 < 50ms', 5, 5],
    ['p95 < 50ms', 8.18, 5],
    ['p99.9 < 50ms', 408.02, 40.8],
    ['service.p99(lock-free/x) < 50ms', 40.82, 5],
    ['errors < 0.1%', 61.22, 6.12],
    ['throughput >= 40', 5, 5],
  ])('%s takes %d s at 50/s and %d s at 500/s', (gate, low, high) => {
    expect(secondsAt([50, 500], { gates: JSON.stringify([gate]) })).toEqual([low, high]);
  });

  test('of several gates the longest decides, and arrivals of chance take more', () => {
    expect(secondsAt([50], { gates: '["p50 < 9ms", "p99 < 50ms", "errors < 1%"]' })).toEqual([40.82]);
    expect(secondsAt([50], { load: 'load: { arrival: poisson }' })).toEqual([43.48]);
  });

  test('and no shorter than the scenario says', () => {
    expect(secondsAt([50, 5000], { load: 'load: { duration: 60s }' })).toEqual([60, 60]);
    expect(secondsAt([50, 5000], { load: 'load: { duration: 1s }' })).toEqual([40.82, 1]);
    expect(secondsAt([50, 5000], { load: 'load: { duration: 60s }', more: 'rounds: 6' })).toEqual([40.82, 10]);
  });

  test('under a closed load it is the target that says how many there are', () => {
    expect(secondsAt([1, 64], { over: 'users=1..64' })).toEqual([5, 5]);
  });
});
