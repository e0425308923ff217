import { describe, expect, test } from 'vitest';
import { isHidden, metrics, samplesToShow, type MetricName } from '../../src/core/metric.ts';
import { slotWith } from '../judge/mode.ts';
import { exampleResult } from '../report/example-result.ts';

const [locked] = exampleResult().modes;
const mode = locked!;
const step = { name: 'write', serviceTimeUs: { ...mode.serviceTimeUs, count: 90, p99: 4321 }, requests: 100 };

describe('what is shown', () => {
  test('has ten samples beyond it', () => {
    expect([samplesToShow('p50'), samplesToShow('p99'), samplesToShow('p999')]).toEqual([20, 1000, 10_000]);
  });

  test('is hidden by as many failures as its tail holds', () => {
    expect([isHidden('p99', 990, 0), isHidden('p99', 991, 9), isHidden('p99', 990, 10)]).toEqual([false, false, true]);
  });
});

describe('what a gate takes', () => {
  test.each<[name: MetricName, limit: number, enough: number]>([
    ['p50', 1, 40],
    ['p90', 1, 200],
    ['p95', 1, 400],
    ['p99', 1, 2000],
    ['p99.9', 1, 20_000],
    ['mean', 1, 40],
    ['service.p99', 1, 2000],
    ['lockWait.p50', 1, 40],
    ['errors', 0.001, 3000],
    ['errors', 0.007, 429],
    ['errors', 1, 3],
    ['errors', 0, 1],
    ['throughput', 2000, 1],
    ['lost', 0, 1],
  ])('%s against %d: %d samples', (name, limit, enough) => {
    expect(metrics[name].enough(limit)).toBe(enough);
  });

  test('is never nothing', () => {
    for (const metric of Object.values(metrics)) {
      for (const limit of [0, 1e-9, 0.5, 1, 1e9]) expect(metric.enough(limit)).toBeGreaterThanOrEqual(1);
    }
  });

  test('is never the maximum: there is no such metric', () => {
    expect(Object.keys(metrics).filter((name) => name.includes('max'))).toEqual([]);
  });
});

describe('a value', () => {
  test('of a mode is that of its response time, of a step that of its service time', () => {
    const both = { ...mode, steps: [step] };
    expect(metrics.p99.of(both)).toBe(mode.responseTimeUs.p99);
    expect(metrics['p99.9'].of(both)).toBe(mode.responseTimeUs.p999);
    expect([metrics.p99.of(both, 'write'), metrics['service.p99'].of(both, 'write')]).toEqual([4321, 4321]);
    expect([metrics.p99.samples(both), metrics.p99.samples(both, 'write')]).toEqual([2142, 90]);
    expect([metrics.p99.sample(both), metrics.p99.sample(both, 'write')]).toEqual(['iteration', 'request']);
  });

  test('of a group of steps is that of the time of its passes', () => {
    const groups = [{ name: 'visit', timeUs: { ...mode.responseTimeUs, count: 90, p99: 777 }, unfinished: 10 }];
    const both = { ...mode, steps: [step], groups };
    expect([metrics.p99.of(both, 'visit'), metrics.p99.samples(both, 'visit')]).toEqual([777, 90]);
    expect(metrics.p99.sample(both, 'visit')).toBe('pass');
    expect([metrics.p90.hiding?.(both, 'visit'), metrics.p50.hiding?.(both, 'visit')]).toEqual([10, 0]);
  });

  test('of errors is failed / begun', () => {
    const iterations = { ...mode.iterations, begun: 400, failed: 3 };
    expect(metrics.errors.of({ ...mode, iterations })).toBe(0.0075);
  });

  test('of throughput has as many samples as rounds in which anything ended', () => {
    const slot = slotWith({ throughputPerSecond: 5 });
    const failing = { round: 1, second: 0, completed: 0, failed: 9, p50Us: null, p99Us: null };
    const slots = [slot, { ...slot, round: 1, throughputPerSecond: 0 }, { ...slot, round: 2, throughputPerSecond: 0 }];
    expect(metrics.throughput.samples({ ...mode, slots, series: [failing] })).toBe(2);
  });

  test('is not there where nothing was measured', () => {
    const none = { ...mode.responseTimeUs, count: 0 };
    const iterations = { ...mode.iterations, begun: 0 };
    const empty = {
      ...mode,
      iterations,
      responseTimeUs: none,
      serviceTimeUs: none,
      lockWaitUs: none,
      lost: null,
      slots: [],
      series: [],
    };
    for (const [name, metric] of Object.entries(metrics)) {
      expect([name, metric.of(empty), metric.samples(empty)]).toEqual([name, undefined, 0]);
    }
  });
});

describe('what hides a percentile', () => {
  test('are iterations without a time: failed, dropped and interrupted, but not those that timed out', () => {
    const iterations = { scheduled: 60, begun: 50, completed: 20, failed: 25, interrupted: 5, dropped: 10 };
    const failuresByClass = { timeout: { count: 15, example: '' }, check: { count: 10, example: '' } };
    const responseTimeUs = { ...mode.responseTimeUs, count: 35 };
    expect(metrics.p50.hiding?.({ ...mode, iterations, failuresByClass, responseTimeUs })).toBe(0);
    expect(metrics.p90.hiding?.({ ...mode, iterations, failuresByClass, responseTimeUs })).toBe(25);
  });

  test('are, for a step, requests without an answer', () => {
    expect(metrics['service.p90'].hiding?.({ ...mode, steps: [step] }, 'write')).toBe(10);
    expect(metrics['service.p50'].hiding?.({ ...mode, steps: [step] }, 'write')).toBe(0);
  });
});

test('lost updates that nobody could count have no upper bound', () => {
  expect(metrics.lost.atMost?.(mode)).toBe(0);
  const consistency = { ...mode.consistency!, verdict: 'unknown' as const };
  expect(metrics.lost.atMost?.({ ...mode, consistency })).toBe(Infinity);
});
