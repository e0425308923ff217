import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/core/histogram.ts';
import type { ModeResult } from '../../src/core/result.ts';
import type { Slot } from '../../src/core/slot.ts';
import { judgeGenerator } from '../../src/judge/generator.ts';

const mode = (name: string, p99: number): ModeResult =>
  ({ name, responseTimeUs: { count: 100, p99 } }) as unknown as ModeResult;

const slot = (name: string, cpuUs: number, delaysUs: readonly number[], gcUs = 0): Slot => {
  const delay = Histogram.empty();
  for (const us of delaysUs) delay.record(us);
  const loopDelay = delay.toTimes();
  delay.free();
  return { mode: name, recording: { generator: { cpuUs, wallUs: 1_000_000, gcUs, loopDelay } } } as unknown as Slot;
};

const codes = (...of: Parameters<typeof judgeGenerator>): string[] =>
  judgeGenerator(...of).result.warnings.map(({ code }) => code);

describe('judgeGenerator', () => {
  test('a closed load that fills the core is SATURATED, and says in which mode', () => {
    const { result } = judgeGenerator(
      [mode('a', 9000), mode('b', 9000)],
      [slot('a', 300_000, [0]), slot('b', 970_000, [0])],
      [],
    );
    expect(result.warnings.map(({ code }) => code)).toEqual(['SATURATED']);
    expect(result.warnings[0]!.message).toContain('full in b: its throughput is a lower bound');
    expect(result.cpuShare).toBe(0.97);
  });

  test('delays of the generator over a fifth of the p99 are told', () => {
    expect(codes([mode('a', 4000)], [slot('a', 0, [1000])], [])).toEqual(['LOOP_DELAY']);
    expect(codes([mode('a', 90_000)], [slot('a', 0, [1000])], [])).toEqual([]);
  });

  test('a tenth of the time spent in garbage collection is told', () => {
    expect(codes([mode('a', 90_000)], [slot('a', 0, [0], 150_000)], [])).toEqual(['GC']);
  });

  test('more than a second in which nothing ran cannot be believed', () => {
    expect(judgeGenerator([mode('a', 9e6)], [slot('a', 0, [1_200_000])], []).gapUs).toBe(1_200_000);
    expect(judgeGenerator([mode('a', 9e6)], [slot('a', 0, [800_000])], []).gapUs).toBeUndefined();
  });

  test('of nothing measured nothing is known', () => {
    expect(judgeGenerator([], [], [])).toEqual({
      result: { cpuShare: null, eventLoopDelayP99Us: null, warnings: [] },
      gapUs: undefined,
    });
  });
});
