import { describe, expect, test } from 'vitest';
import type { GeneratorGate, RelativeGate } from '../../../src/core/plan/plan.ts';
import type { GateResult, ModeResult, SlotTimes } from '../../../src/core/result/result.ts';
import { judgeGates } from '../../../src/judge/gate/gate.ts';
import { modeWith, slotTimes, slotWith } from '../mode.ts';

const generator = { cpuShare: 0.4, eventLoopDelayP99Us: 900, warnings: [] };

/** A mode with these figures, a percent more or less in turn. */
const mode = (name: string, perSecond: number, us: number, rounds = 12): ModeResult => ({
  ...modeWith({ name }),
  slots: Array.from({ length: rounds }, (_, round) => {
    const factor = 1 + (0.01 * ((round % 3) - 1) * (name === 'old' ? 1 : -1)) / 2;
    const times = slotTimes(2000, us * factor);
    const steps = { write: slotTimes(2000, (us * factor) / 2) };
    const groups = { visit: slotTimes(2000, us * factor * 3) };
    return slotWith({
      round: round + 1,
      throughputPerSecond: perSecond / factor,
      response: times,
      service: times,
      steps,
      groups,
    });
  }),
});
const old = mode('old', 1000, 10_000);

const gate = (
  more: Partial<Omit<RelativeGate, 'against'>> = {},
  against: Partial<RelativeGate['against']> = {},
): RelativeGate => ({
  text: 'as it was written',
  metric: 'service.p99',
  mode: 'new',
  op: '<=',
  ...more,
  against: { mode: 'old', times: 1.1, plus: 0, ...against },
});
const throughput = gate({ metric: 'throughput', op: '>=' }, { times: 0.95 });

const judged = (asked: RelativeGate, ...modes: readonly ModeResult[]): GateResult =>
  judgeGates([asked], { modes, generator, looks: 'one look' })[0]!;
const told = (asked: RelativeGate, ...modes: readonly ModeResult[]): string => {
  const { verdict, because } = judged(asked, ...modes);
  return `${verdict}: ${because}`;
};
const changed = (of: ModeResult, round: number, service: SlotTimes): ModeResult => ({
  ...of,
  slots: of.slots.map((slot) => (slot.round === round + 1 ? { ...slot, service } : slot)),
});

describe('a gate that compares modes', () => {
  test('passes what is surely within, with ratio, limit, interval and rounds', () => {
    const result = judged(gate(), old, mode('new', 1000, 10_200));
    expect(result).toMatchObject({ verdict: 'pass', limit: 1.1, unit: 'ratio', samples: 12 });
    expect(result.actual).toBeCloseTo(1.02, 2);
    expect(result.interval![0]).toBeLessThan(result.actual!);
    expect(result.interval![1]).toBeLessThan(1.1);
    expect(result.because).toMatch(
      /^1\.0\d+ × old \(95 % interval 1\.0\d+ to 1\.0\d+\) over 12 rounds is surely below 1\.1 ×$/u,
    );
  });

  test('that passes close to its limit says the one-sided bound, as the interval for both sides reaches beyond', () => {
    // Signed ranks of 12 rounds: those below the limit sum to 15, enough for one side (17) and not for both (13).
    const distances = [1, 2, 3, 4, 5, 6, -7, -8, 9, 10, 11, 12];
    const paced = (name: string, paceOf: (round: number) => number): ModeResult => ({
      ...modeWith({ name }),
      slots: distances.map((_, round) => slotWith({ round: round + 1, throughputPerSecond: paceOf(round) })),
    });
    const { verdict, because, interval } = judged(
      throughput,
      paced('old', () => 1000),
      paced('new', (round) => 950 * Math.exp(distances[round]! / 100)),
    );
    expect(verdict).toBe('pass');
    expect(interval![0]).toBeLessThan(0.95);
    const [, bound] =
      /is surely above 0\.95 ×: one-sided, as a gate asks, it is at least (0\.9\d+)$/u.exec(because) ?? [];
    expect(Number(bound)).toBeGreaterThanOrEqual(0.95);
  });

  test('fails what is surely beyond, whichever way is the bad one', () => {
    expect(told(gate(), old, mode('new', 1000, 13_000))).toMatch(/^fail: 1\.\d+ × old .* is surely above 1\.1 ×$/u);
    expect(told(throughput, old, mode('new', 800, 10_000))).toMatch(/^fail: 0\.\d+ × old .* is surely below 0\.95 ×$/u);
    expect(told(throughput, old, mode('new', 1200, 10_000))).toMatch(
      /^pass: 1\.\d+ × old .* is surely above 0\.95 ×$/u,
    );
  });

  test('is undecided at the limit, and says that it is too close', () => {
    expect(told(gate(), old, mode('new', 1000, 11_000))).toMatch(
      /^undecided: 1\.\d+ × old .* may be on either side of 1\.1 ×: the rounds differ by [\d.]+ %, and it is too close/u,
    );
  });

  test('names the margin that this noise can decide where the one that is asked for is too narrow', () => {
    expect(told(gate({}, { times: 1.001 }), old, mode('new', 1000, 10_000))).toMatch(
      /the rounds differ by [\d.]+ %, so a margin of about [\d.]+ % can be decided$/u,
    );
  });

  test('says how many rounds it takes where there are too few to fail', () => {
    expect(told(gate(), mode('old', 1000, 10_000, 4), mode('new', 1000, 13_000, 4))).toMatch(
      /^undecided: .* over 4 rounds .*: it takes 7 rounds to decide$/u,
    );
  });

  test('with a floor holds each round against its own limit, and shows the multiple of that', () => {
    const floor = (plus: number): GateResult => judged(gate({}, { plus }), old, mode('new', 1000, 13_000));
    expect(floor(5000)).toMatchObject({ verdict: 'pass', limit: 1 });
    expect(floor(5000).actual).toBeCloseTo(13_000 / 16_000, 2);
    expect(floor(1000)).toMatchObject({ verdict: 'fail', limit: 1 });
    expect(floor(1000).because).toContain('× its limit (');
  });

  test('of a step reads the times of the step, in each mode its own', () => {
    const onStep = gate({ metric: 'p99', step: 'write' }, { step: 'write' });
    expect(judged(onStep, old, mode('new', 1000, 13_000)).verdict).toBe('fail');
    expect(told(gate({ step: 'read' }), old, mode('new', 1000, 1))).toContain('there are 0 in round 1 of new');
  });

  test('of a group of steps reads the times of its passes', () => {
    const onGroup = gate({ metric: 'p99', step: 'visit' }, { step: 'visit', times: 1, plus: 15_000 });
    expect(judged(onGroup, old, mode('new', 1000, 13_000)).verdict).toBe('pass');
    expect(judged(onGroup, old, mode('new', 1000, 17_000)).verdict).toBe('fail');
  });

  test('names the round that lacks samples, and how many there are', () => {
    const few = changed(mode('new', 1000, 13_000), 4, slotTimes(1999, 9));
    expect(judged(gate(), old, few)).toEqual({
      text: 'as it was written',
      metric: 'service.p99',
      mode: 'new',
      verdict: 'undecided',
      actual: null,
      limit: null,
      unit: 'ratio',
      interval: null,
      samples: 0,
      because: 'service.p99 takes 2,000 samples in each round, and there are 1,999 in round 5 of new: longer rounds',
    });
    const hidden = changed(old, 2, slotTimes(2000, 9, 25));
    expect(told(gate(), hidden, mode('new', 1000, 1))).toBe(
      'undecided: 25 without a time could all lie beyond it in round 3 of old',
    );
  });

  test('does not pass a mode that looks short because its longest times are missing, and fails it all the same', () => {
    const missing = (us: number): ModeResult => {
      const { slots, ...all } = mode('new', 1000, us);
      return { ...all, slots: slots.map((slot) => ({ ...slot, service: { ...slot.service, missing: 15 } })) };
    };
    expect(told(gate(), old, missing(10_000))).toMatch(
      /^undecided: .* is surely below 1\.1 ×, but 0\.74 % of new and 0 % of old have no time, and would be long$/u,
    );
    expect(judged(gate(), old, missing(13_000)).verdict).toBe('fail');
  });

  test('is undecided where a mode was not measured, or a slot keeps no such figure', () => {
    expect(told(gate(), old)).toBe('undecided: no round of new was measured');
    expect(told(gate(), mode('new', 1, 1))).toBe('undecided: no round of old was measured');
    expect(told(gate({ metric: 'errors' }), old, mode('new', 1, 1))).toContain('errors is not known round by round');
  });

  test('is harder to fail among many, and no harder to pass', () => {
    const [few, fewer] = [mode('old', 1000, 10_000, 8), mode('new', 1000, 13_000, 8)];
    const among = (count: number, times: number): string => {
      const gates = Array.from({ length: count }, () => gate({}, { times }));
      return judgeGates(gates, { modes: [few, fewer], generator, looks: 'one look' })[0]!.verdict;
    };
    expect([among(1, 1.1), among(2, 1.1), among(3, 1.1)]).toEqual(['fail', 'fail', 'undecided']);
    expect([among(1, 1.5), among(20, 1.5)]).toEqual(['pass', 'pass']);
  });

  test('proves nothing where one of its modes cannot be believed, and stands where another cannot', () => {
    const modes = [old, mode('new', 1, 13_000)];
    const on = (unfit: string) =>
      judgeGates([gate()], {
        modes,
        generator,
        looks: 'one look',
        unfit: (name) => (name === unfit ? 'it sent late' : undefined),
      })[0]!;
    expect(on('old').because).toMatch(/^it sent late, so this proves nothing/u);
    expect(on('new').verdict).toBe('undecided');
    expect(on('third').verdict).toBe('fail');
  });

  test('proves nothing where the run cannot be believed', () => {
    const [result] = judgeGates([gate()], { modes: [old, mode('new', 1, 13_000)], generator, looks: 'one look' }, 'x');
    expect(result?.verdict).toBe('undecided');
    expect(result?.because).toMatch(/^x, so this proves nothing/u);
  });
});

describe('the gate on the generator', () => {
  const asked: GeneratorGate = { text: 'generator', metric: 'generator' };
  const on = (faults: readonly (readonly [mode: string, fault: string])[], gate = asked): GateResult =>
    judgeGates([gate], { modes: [], generator, looks: 'one look', generatorFaults: new Map(faults) })[0]!;

  test('of one mode fails for what was found there alone', () => {
    const ofNew: GeneratorGate = { text: 'generator(new)', metric: 'generator', mode: 'new' };
    expect(on([['old', 'it was full.']], ofNew).verdict).toBe('pass');
    expect(on([['new', 'it was full.']], ofNew).verdict).toBe('fail');
  });

  test('passes one that kept up, fails one that did not, and is undecided where nothing was measured', () => {
    expect(on([])).toMatchObject({
      verdict: 'pass',
      actual: 0.4,
      because: 'its core was busy 40 % of the time at most',
    });
    expect(on([['new', 'it was full.']])).toMatchObject({ verdict: 'fail', because: 'it was full.' });
    expect(
      judgeGates([asked], { modes: [], generator: { ...generator, cpuShare: null }, looks: 'one look' })[0]!.verdict,
    ).toBe('undecided');
  });
});
