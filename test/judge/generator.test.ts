import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/core/recording/histogram.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import type { Slot } from '../../src/core/slot.ts';
import { judgeGenerator } from '../../src/judge/generator.ts';
import { iterations, modeWith, times } from './mode.ts';

const mode = (name: string, p99: number): ModeResult => modeWith({ name, responseTimeUs: times(100, p99) });

/** Under an open load of 1,000/s on 50 users; 10,000 arrivals. */
const openMode = (more: Partial<ModeResult> & { readonly late?: number } = {}): ModeResult =>
  modeWith({
    name: 'open',
    users: 50,
    offered: { arrival: 'even', perSecond: 1000, pacing: 'relaxed', late: more.late ?? 0 },
    responseTimeUs: times(10_000, 20_000),
    sendLagUs: times(10_000, 100),
    queueWaitUs: times(10_000, 0),
    ...more,
  });

interface SlotWith {
  readonly gcUs?: number;
  readonly idleUs?: number;
  readonly longestGapUs?: number;
}

const slot = (
  name: string,
  cpuUs: number,
  delaysUs: readonly number[],
  { gcUs = 0, idleUs = 0, longestGapUs = 0 }: SlotWith = {},
): Slot => {
  const delay = Histogram.empty();
  for (const us of delaysUs) delay.record(us);
  const loopDelay = delay.toTimes();
  delay.free();
  const generator = { cpuUs, idleUs, wallUs: 1_000_000, gcUs, loopDelay, longestGapUs };
  return { mode: name, recording: { generator } } as unknown as Slot;
};

const codes = (...of: Parameters<typeof judgeGenerator>): string[] =>
  judgeGenerator(...of).result.warnings.map(({ code }) => code);

const reasons = (...of: Parameters<typeof judgeGenerator>): string | undefined => judgeGenerator(...of).invalid?.code;

const well = [slot('open', 0, [0])];

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
    expect(codes([mode('a', 90_000)], [slot('a', 0, [0], { gcUs: 150_000 })], [])).toEqual(['GC']);
  });

  test('more than a second in which nothing ran cannot be believed', () => {
    const { invalid } = judgeGenerator([mode('a', 9e6)], [slot('a', 0, [0], { longestGapUs: 1_200_000 })], []);
    expect(invalid?.code).toBe('ERR_CLOCK_GAP');
    expect(invalid?.message).toContain('for 1.2 s in a');
    expect(reasons([mode('a', 9e6)], [slot('a', 0, [0], { longestGapUs: 800_000 })], [])).toBeUndefined();
  });

  test('waiting for the next arrival does not keep the generator busy', () => {
    const { result } = judgeGenerator([openMode()], [slot('open', 990_000, [0], { idleUs: 800_000 })], []);
    expect(result.cpuShare).toBe(0.19);
    expect(result.warnings).toEqual([]);
  });

  test('an open load that is late by more than 1 % of its arrivals, while users were free, is invalid', () => {
    const { invalid } = judgeGenerator([openMode({ late: 101 })], well, []);
    expect(invalid?.code).toBe('ERR_BEHIND_SCHEDULE');
    expect(invalid?.message).toContain('101 of 10,000');
    expect(reasons([openMode({ late: 100 })], well, [])).toBeUndefined();
  });

  test('a send lag over a tenth of the response time, at the 99th percentile, makes an open load invalid', () => {
    const late = { sendLagUs: times(10_000, 2100) };
    const { invalid } = judgeGenerator([openMode(late)], well, []);
    expect(invalid?.code).toBe('ERR_SEND_LAG');
    expect(invalid?.hint).toContain('--pacing hybrid');
    expect(reasons([openMode({ sendLagUs: times(10_000, 1900) })], well, [])).toBeUndefined();
    expect(reasons([openMode({ sendLagUs: times(999, 2100) })], well, [])).toBeUndefined();
    expect(reasons([openMode({ ...late, offered: null })], well, [])).toBeUndefined();
  });

  test('dropped arrivals are told, and are no fault of the generator', () => {
    const { result, invalid } = judgeGenerator(
      [openMode({ iterations: iterations({ completed: 9000, dropped: 1000 }) })],
      well,
      [],
    );
    expect(result.warnings.map(({ code }) => code)).toEqual(['DROPPED']);
    expect(result.warnings[0]!.message).toContain('1,000 of 10,000');
    expect(invalid).toBeUndefined();
  });

  test('waiting for a user is told, with the number of users, where it is a fifth of the response time', () => {
    const { warnings } = judgeGenerator([openMode({ queueWaitUs: times(10_000, 4100) })], well, []).result;
    expect(warnings.map(({ code }) => code)).toEqual(['USERS_BUSY']);
    expect(warnings[0]!.message).toContain('one of 50 users');
    expect(codes([openMode({ queueWaitUs: times(10_000, 3900) })], well, [])).toEqual([]);
  });

  test('of nothing measured nothing is known', () => {
    expect(judgeGenerator([], [], [])).toEqual({
      result: { cpuShare: null, eventLoopDelayP99Us: null, warnings: [] },
      invalid: undefined,
    });
  });

  test('an open load that half begins late is told, in short runs too', () => {
    const late = openMode({ sendLagUs: times(50, 3000), responseTimeUs: times(50, 20_000) });
    const { result, invalid } = judgeGenerator([late], well, []);
    expect(result.warnings.map(({ code }) => code)).toEqual(['SEND_LAG']);
    expect(result.warnings[0]!.message).toContain('began 3 ms late or more');
    expect(invalid).toBeUndefined();
  });

  test('arrivals that an interruption cut off are no sign of a slow generator', () => {
    const late = openMode({ late: 5000 });
    expect(judgeGenerator([late], well, [], true).invalid).toBeUndefined();
    expect(judgeGenerator([late], well, []).invalid?.code).toBe('ERR_BEHIND_SCHEDULE');
  });
});
