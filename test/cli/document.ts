import { expect } from 'vitest';
import { Histogram } from '../../src/core/recording/histogram.ts';
import type {
  Anatomy,
  Comparison,
  LockResult,
  ModeResult,
  Result,
  SlotResult,
  TimesResult,
} from '../../src/core/result/result.ts';

/** Every key, whether it may be missing or not: the compiler asks for those that a type has. */
type Keys<T> = { readonly [key in keyof T]-?: true };

const keysOfResult: Keys<Omit<Result, 'invalid' | 'baseline' | 'serves' | 'agents'>> = {
  schemaVersion: true,
  tool: true,
  startedAt: true,
  scenario: true,
  machine: true,
  modes: true,
  comparisons: true,
  gates: true,
  generator: true,
  conclusion: true,
  cheapest: true,
  verdict: true,
  headline: true,
  reasons: true,
  exitCode: true,
  tookUs: true,
};

const keysOfMode: Keys<
  Omit<
    ModeResult,
    'agents' | 'hung' | 'sentAgain' | 'serve' | 'server' | 'groups' | 'tags' | 'stages' | 'httpVersion' | 'usersChanged'
  >
> = {
  name: true,
  lock: true,
  users: true,
  workers: true,
  transport: true,
  keepAlive: true,
  offered: true,
  violations: true,
  differentWorkload: true,
  throughputPerSecond: true,
  storeCpuUs: true,
  targetCpuUs: true,
  targetCpuIterationUs: true,
  targetMemoryBytes: true,
  iterations: true,
  requests: true,
  lost: true,
  failuresByClass: true,
  attempts: true,
  conflicts: true,
  gaveUp: true,
  wastedRequests: true,
  anatomy: true,
  responseTimeUs: true,
  queueWaitUs: true,
  sendLagUs: true,
  serviceTimeUs: true,
  connectUs: true,
  locks: true,
  lockWaitUs: true,
  lockHoldUs: true,
  fairness: true,
  steps: true,
  series: true,
  slots: true,
  consistency: true,
};

const keysOfSlot: Keys<Omit<SlotResult, 'groups' | 'tags' | 'sentAgain'>> = {
  round: true,
  position: true,
  throughputPerSecond: true,
  p50Us: true,
  p95Us: true,
  p99Us: true,
  errors: true,
  storeCpuUs: true,
  targetCpuUs: true,
  targetMemoryBytes: true,
  drift: true,
  response: true,
  service: true,
  steps: true,
  requests: true,
};

const keysOfLock: Keys<LockResult> = {
  name: true,
  waitUs: true,
  holdUs: true,
  contended: true,
  longestQueue: true,
  lapsed: true,
  starvation: true,
};

const keysOfAnatomy: Keys<Omit<Anatomy, 'serverLockUs' | 'serverQueryUs'>> = {
  responseUs: true,
  queueWaitUs: true,
  sendLagUs: true,
  lockWaitUs: true,
  serviceUs: true,
  connectUs: true,
  retriesUs: true,
  otherUs: true,
};

const keysOfComparison: Keys<Comparison> = {
  mode: true,
  control: true,
  metric: true,
  ratio: true,
  low: true,
  high: true,
  level: true,
  rounds: true,
  noise: true,
  verdict: true,
};

const keysOfTimes: Keys<TimesResult> = {
  count: true,
  min: true,
  mean: true,
  p50: true,
  p90: true,
  p95: true,
  p99: true,
  p999: true,
  max: true,
  clamped: true,
  histogram: true,
};

const expectKeys = (value: object, keys: { readonly [key: string]: true }): void =>
  expect(Object.keys(value).toSorted()).toEqual(Object.keys(keys).toSorted());

/** The result document on standard output, which must be the only thing there. */
export const documentOf = (stdout: string): Result => {
  expect(stdout.startsWith('{')).toBe(true);
  expect(stdout.endsWith('}\n')).toBe(true);
  return JSON.parse(stdout) as Result;
};

/** The mode of that name. */
export const modeOf = (document: Result, name: string): ModeResult => {
  const mode = document.modes.find((mode) => mode.name === name);
  if (mode === undefined) throw new Error(`no mode ${name} in the document`);
  return mode;
};

/** Adds up. */
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What a server must have counted, had it been asked by this run alone. */
export const sentIn = ({ modes }: Result): number =>
  sum(modes.map(({ requests }) => requests.total + sum(Object.values(requests.unmeasured))));

/** Asserts that a finished run's document has all fields and no others. */
export const expectAllFields = (document: Result): void => {
  expectKeys(document, keysOfResult);
  for (const comparison of document.comparisons) expectKeys(comparison, keysOfComparison);
  for (const mode of document.modes) {
    expectKeys(mode, keysOfMode);
    for (const times of timesOf(mode)) expectKeys(times, keysOfTimes);
    for (const slot of mode.slots) expectKeys(slot, keysOfSlot);
    for (const lock of mode.locks) expectKeys(lock, keysOfLock);
    for (const anatomy of Object.values(mode.anatomy ?? {})) expectKeys(anatomy, keysOfAnatomy);
  }
};

/** Asserts everything that holds for every mode of every run, whatever the target did. */
export const expectIdentities = (mode: ModeResult): void => {
  const { iterations, requests, failuresByClass, steps, series, slots } = mode;
  expect(iterations.scheduled).toBe(iterations.begun + iterations.dropped);
  expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
  expect(requests.total).toBe(sum([...Object.values(requests.byStatus), ...Object.values(requests.byError)]));
  expect(sum(steps.map((step) => step.requests))).toBe(requests.total);
  expect(sum(Object.values(failuresByClass).map(({ count }) => count))).toBe(iterations.failed);
  expect(mode.gaveUp).toBe(failuresByClass['gave-up']?.count ?? 0);

  expect(mode.responseTimeUs.count).toBe(iterations.completed + (failuresByClass.timeout?.count ?? 0));
  expect(mode.sendLagUs.count).toBe(iterations.begun);
  expect(mode.serviceTimeUs.count).toBe(sum(Object.values(requests.byStatus)));
  expect(sum(steps.map((step) => step.serviceTimeUs.count))).toBe(mode.serviceTimeUs.count);
  for (const lock of mode.locks) expect(lock.waitUs.count).toBe(lock.holdUs.count);

  expect(sum(series.map(({ completed }) => completed))).toBe(iterations.completed);
  expect(sum(series.map(({ failed }) => failed))).toBe(iterations.failed);
  const throughputs = slots.map((slot) => slot.throughputPerSecond);
  expect(mode.throughputPerSecond).toBeGreaterThanOrEqual(Math.min(...throughputs));
  expect(mode.throughputPerSecond).toBeLessThanOrEqual(Math.max(...throughputs));

  for (const times of timesOf(mode)) expectOrdered(times);
  expectAnatomyAddsUp(mode);
  expectLostAddsUp(mode);
};

const expectAnatomyAddsUp = ({ anatomy, responseTimeUs, wastedRequests, requests, conflicts }: ModeResult): void => {
  expect(wastedRequests).toBeLessThanOrEqual(requests.total);
  expect(wastedRequests).toBeGreaterThanOrEqual(conflicts);
  expect(anatomy === null).toBe(responseTimeUs.count === 0);
  if (anatomy === null) return;
  for (const { responseUs, serverLockUs = 0, serverQueryUs = 0, ...parts } of Object.values(anatomy)) {
    // They are parts of the service time.
    expect(serverLockUs + serverQueryUs).toBeLessThanOrEqual(parts.serviceUs + 1);
    for (const part of Object.values(parts)) expect(part).toBeGreaterThanOrEqual(0);
    expect(Math.abs(sum(Object.values(parts)) - responseUs)).toBeLessThan(1);
  }
  expect(anatomy.p99.responseUs).toBe(responseTimeUs.p99);
  expect(Math.abs(anatomy.mean.responseUs - responseTimeUs.mean)).toBeLessThanOrEqual(0.1 + responseTimeUs.mean / 1000);
};

const timesOf = (mode: ModeResult): readonly TimesResult[] => [
  mode.responseTimeUs,
  mode.queueWaitUs,
  mode.sendLagUs,
  mode.serviceTimeUs,
  mode.connectUs,
  mode.lockWaitUs,
  mode.lockHoldUs,
  ...mode.locks.flatMap(({ waitUs, holdUs }) => [waitUs, holdUs]),
  ...mode.steps.map(({ serviceTimeUs }) => serviceTimeUs),
];

const expectOrdered = (times: TimesResult): void => {
  const { min, p50, p90, p95, p99, p999, max, mean, count } = times;
  const rising = [min, p50, p90, p95, p99, p999, max];
  expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  expect(mean).toBeGreaterThanOrEqual(min - 0.1);
  expect(mean).toBeLessThanOrEqual(max + 0.1);
  const histogram = Histogram.from({ ...times, sum: mean * count });
  expect(histogram.count).toBe(count);
  expect(histogram.percentile(99)).toBe(p99);
  histogram.free();
};

const expectLostAddsUp = ({ lost, consistency }: ModeResult): void => {
  if (consistency === null) expect(lost).toBeNull();
  // Not every model adds something up, and what could not be read is not added.
  if (lost === null || consistency === null) return;
  const { findings, coverage } = consistency;
  expect(lost.atLeast).toBeLessThanOrEqual(lost.atMost);
  expect(lost.atMost).toBeLessThanOrEqual(lost.acknowledged);
  // A slot whose values could not be read is judged, and not summed up.
  expect(coverage.acknowledged).toBeGreaterThanOrEqual(lost.acknowledged);
  const lostIn = findings.filter(({ rule }) => rule === 'lost-update');
  const told = sum(lostIn.map(({ atLeast }) => atLeast));
  // Only so many findings are shown; the sum is over all of them.
  if (findings.length < consistency.findingCount) expect(told).toBeLessThanOrEqual(lost.atLeast);
  else expect(told).toBe(lost.atLeast);
  expect(consistency.verdict === 'violated').toBe(findings.length > 0);
};

/** Whether a run is invalid for no other reason than that this machine was too busy to measure. */
export const wasTooBusy = ({ invalid }: Result): boolean =>
  ['ERR_BEHIND_SCHEDULE', 'ERR_CLOCK_GAP', 'ERR_SEND_LAG'].includes(invalid?.code ?? '');
