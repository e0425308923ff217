import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/core/recording/histogram.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import type { Slot } from '../../src/core/slot.ts';
import { isTouched, judgeGenerator } from '../../src/judge/generator.ts';
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

/** So many times, all alike, with a histogram that can be read. */
const alike = (count: number, us: number): ModeResult['responseTimeUs'] => {
  const histogram = Histogram.empty();
  for (let one = 0; one < count; one++) histogram.record(us);
  const { histogram: encoded } = histogram.toTimes();
  histogram.free();
  return { ...times(count, us), min: us, max: us, mean: us, histogram: encoded };
};

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

const firstUnfit = (...of: Parameters<typeof judgeGenerator>) => [...judgeGenerator(...of).unfit.values()][0];

const reasons = (...of: Parameters<typeof judgeGenerator>): string | undefined =>
  [...judgeGenerator(...of).unfit.values()][0]?.code;

const well = [slot('open', 0, [0])];

describe('judgeGenerator', () => {
  test('a closed load that fills the core is SATURATED, and says in which mode', () => {
    const { result } = judgeGenerator(
      [mode('a', 9000), mode('b', 9000)],
      [slot('a', 300_000, [0]), slot('b', 970_000, [0])],
      [],
    );
    expect(result.warnings.map(({ code }) => code)).toEqual(['SATURATED']);
    expect(result.warnings[0]!.message).toContain('busy 97 % of the time in b, and from 95 % on it is full');
    expect(result.cpuShare).toBe(0.97);
  });

  test('delays of the generator that add over a fifth to the p99 are told, with how much', () => {
    const long = (p99: number): ModeResult => modeWith({ name: 'a', responseTimeUs: alike(1000, p99) });
    const { result, doubtful } = judgeGenerator([long(4000)], [slot('a', 0, [1000])], []);
    expect(result.warnings.map(({ code }) => code)).toEqual(['LOOP_DELAY']);
    expect(result.warnings[0]!.message).toMatch(
      /delays, 1 ms at the 99th percentile, add about (1 ms|\d{3} µs|1\.0\d+ ms) to the p99 of a, which is 4 ms: more than 20 % of it/u,
    );
    expect([...doubtful.keys()]).toEqual(['a']);
    expect(codes([long(90_000)], [slot('a', 0, [1000])], [])).toEqual([]);
    // Too few to have a p99.
    expect(codes([mode('a', 4000)], [slot('a', 0, [1000])], [])).toEqual([]);
  });

  test('delays of all that is measured may be all of a p99, and never more', () => {
    const responseTimeUs = alike(1000, 4000);
    const short = modeWith({ name: 'a', responseTimeUs, serviceTimeUs: responseTimeUs, lockWaitUs: times(0, 0) });
    const { result } = judgeGenerator([short], [slot('a', 0, [9000])], []);
    expect(result.warnings[0]!.message).toMatch(/may be all of the p99 of a, which is 4 ms\.$/u);
  });

  test('delays of a few touch the percentiles that they are in, and no others', () => {
    const few = [...Array.from({ length: 970 }, () => 10), ...Array.from({ length: 30 }, () => 9000)];
    const responseTimeUs = alike(10_000, 20_000);
    const fast = modeWith({ name: 'a', responseTimeUs, serviceTimeUs: responseTimeUs, lockWaitUs: times(0, 0) });
    const [reason] = judgeGenerator([fast], [slot('a', 0, few)], []).doubtful.values();
    expect([...reason!.touches!].toSorted()).toEqual(['p99', 'p99.9', 'service.p99', 'service.p99.9']);
    const [of] = judgeGenerator([fast], [slot('a', 0, [9000])], []).doubtful.values();
    for (const metric of ['p50', 'p99', 'service.p50', 'mean'] as const) expect(isTouched(of!, metric)).toBe(true);
  });

  test('delays that are long but rare do not move a p99, and are not told', () => {
    const rare = [...Array.from({ length: 995 }, () => 10), 9000, 9000, 9000, 9000, 9000];
    const long = modeWith({ name: 'a', responseTimeUs: alike(10_000, 20_000) });
    expect(codes([long], [slot('a', 0, rare)], [])).toEqual([]);
  });

  test('a tenth of the time spent in garbage collection is told', () => {
    expect(codes([mode('a', 90_000)], [slot('a', 0, [0], { gcUs: 150_000 })], [])).toEqual(['GC']);
  });

  test('more than a second in which nothing ran cannot be believed', () => {
    const invalid = firstUnfit([mode('a', 9e6)], [slot('a', 0, [0], { longestGapUs: 1_200_000 })], []);
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
    const invalid = firstUnfit([openMode({ late: 101 })], well, []);
    expect(invalid?.code).toBe('ERR_BEHIND_SCHEDULE');
    expect(invalid?.message).toContain('101 of 10,000');
    expect(reasons([openMode({ late: 100 })], well, [])).toBeUndefined();
  });

  test('a send lag over a tenth of the response time, at the 99th percentile, makes an open load invalid', () => {
    const late = { sendLagUs: times(10_000, 2100) };
    const invalid = firstUnfit([openMode(late)], well, []);
    expect(invalid?.code).toBe('ERR_SEND_LAG');
    expect(invalid?.hint).toContain('--pacing hybrid');
    expect(reasons([openMode({ sendLagUs: times(10_000, 1900) })], well, [])).toBeUndefined();
    expect(reasons([openMode({ sendLagUs: times(999, 2100) })], well, [])).toBeUndefined();
    expect(reasons([openMode({ ...late, offered: null })], well, [])).toBeUndefined();
  });

  test('of iterations that begin late beyond the 99th percentile alone the p50 stands, and the errors do not', () => {
    const lag = { ...times(10_000, 100), p99: 2100, p999: 4000, max: 4000 };
    const late = firstUnfit([openMode({ sendLagUs: lag })], well, [])!;
    expect(late.code).toBe('ERR_SEND_LAG');
    const all = ['p50', 'p95', 'p99', 'p99.9', 'service.p50', 'errors', 'throughput'] as const;
    expect(all.filter((metric) => !isTouched(late, metric))).toEqual(['p50', 'p95']);
  });

  test('dropped arrivals are told, and are no fault of the generator', () => {
    const { result, unfit } = judgeGenerator(
      [openMode({ iterations: iterations({ completed: 9000, dropped: 1000 }) })],
      well,
      [],
    );
    expect(result.warnings.map(({ code }) => code)).toEqual(['DROPPED']);
    expect(result.warnings[0]!.message).toContain('1,000 of 10,000');
    expect(unfit.size).toBe(0);
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
      unfit: new Map(),
      doubtful: new Map(),
    });
  });

  test('an open load that half begins late is told, in short runs too', () => {
    const late = openMode({ sendLagUs: times(50, 3000), responseTimeUs: times(50, 20_000) });
    const { result, unfit } = judgeGenerator([late], well, []);
    expect(result.warnings.map(({ code }) => code)).toEqual(['SEND_LAG']);
    expect(result.warnings[0]!.message).toContain('began 3 ms late or more');
    expect(unfit.size).toBe(0);
  });

  test('arrivals that an interruption cut off are no sign of a slow generator', () => {
    const late = openMode({ late: 5000 });
    expect(reasons([late], well, [], true)).toBeUndefined();
    expect(reasons([late], well, [])).toBe('ERR_BEHIND_SCHEDULE');
  });
});
