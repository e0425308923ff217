import { describe, expect, test } from 'vitest';
import type { Comparison, ModeResult } from '../../../src/core/result/result.ts';
import { conclude } from '../../../src/judge/conclusion/conclusion.ts';
import { compare } from '../../../src/judge/compare/compare.ts';
import { comparisonWith } from '../../report/example-result.ts';
import { slotTimes, slotWith } from '../mode.ts';

const mode = (name: string, more: Partial<ModeResult> & { readonly lost?: ModeResult['lost'] } = {}): ModeResult => {
  const lost = more.lost === undefined ? { acknowledged: 100, atLeast: 0, atMost: 0 } : more.lost;
  return {
    name,
    users: 64,
    offered: null,
    violations: 'forbidden',
    differentWorkload: false,
    throughputPerSecond: 100,
    conflicts: 0,
    gaveUp: 0,
    attempts: 100,
    requests: { total: 200 },
    wastedRequests: 0,
    slots: [],
    iterations: { scheduled: 100, begun: 100, completed: 100, failed: 0, interrupted: 0, dropped: 0 },
    consistency:
      lost === null
        ? null
        : {
            verdict: lost.atLeast > 0 ? 'violated' : lost.acknowledged === 0 ? 'not-exercised' : 'no-violation-found',
            model: 'counter',
            findings: [],
            coverage: { keys: 20, acknowledged: lost.acknowledged, unknown: 0 },
          },
    ...more,
    lost,
  } as unknown as ModeResult;
};
const ratio = (mode: string, value: number): Comparison =>
  comparisonWith({ mode, ratio: value, low: null, high: null, rounds: 1, noise: null });
const nothingCompleted = { scheduled: 9, begun: 9, completed: 0, failed: 9, interrupted: 0, dropped: 0 };

/** Throughputs of 12 rounds: so much, and up to so many percent more or less. */
const rounds = (perSecond: number, percent = 1, count = 12): Partial<ModeResult> => ({
  throughputPerSecond: perSecond,
  slots: Array.from({ length: count }, (_, round) => {
    const factor = 1 + (percent / 100) * [0, -1, 1, -0.5, 0.5][round % 5]!;
    return slotWith({ round, throughputPerSecond: perSecond * factor });
  }),
});
const violated = { acknowledged: 1000, atLeast: 710, atMost: 710 };
/** What is concluded from modes alone, with the comparisons that a run makes of them. */
const concluded = (...modes: readonly ModeResult[]) => conclude(modes, compare(modes, 'locked'), 'locked');

describe('conclude', () => {
  test('names a clear winner with its ratio to the control and the interval', () => {
    const control = mode('locked', rounds(100, 0));
    const optimistic = mode('optimistic', { ...rounds(350), conflicts: 280, attempts: 380 });
    const free = mode('lock-free', { ...rounds(3400), lost: violated, violations: 'allowed' });
    expect(concluded(control, optimistic, free)).toEqual({
      cheapest: { is: 'one', modes: ['optimistic'] },
      sentence:
        'optimistic is the cheapest mode that kept the data right: 3.50 × the throughput of locked (95 % interval 3.48 to 3.52).',
    });
  });

  test('says what the control reached where that is the cheapest', () => {
    expect(concluded(mode('locked', rounds(100)), mode('slow', rounds(50)))).toEqual({
      cheapest: { is: 'one', modes: ['locked'] },
      sentence: 'locked is the cheapest mode that kept the data right: 100 iterations/s.',
    });
  });

  test('holds the best against the runner-up, not only against the control', () => {
    const modes = [mode('locked', rounds(100, 0)), mode('a', rounds(350, 1)), mode('b', rounds(300, 20))];
    expect(concluded(...modes).cheapest).toEqual({ is: 'one', modes: ['a'] });
    const { cheapest, sentence } = concluded(modes[0]!, modes[1]!, mode('b', rounds(340, 40)));
    expect(cheapest.is).toBe('open');
    expect(cheapest.modes.toSorted()).toEqual(['a', 'b']);
    expect(sentence).toMatch(
      /^Which of (a and b|b and a) is the cheapest mode that kept the data right cannot be told: 12 rounds do not tell (a and b|b and a) apart\.$/u,
    );
  });

  test('names modes together that are shown to be level', () => {
    const modes = [mode('locked', rounds(100)), mode('two-locks', rounds(99.9, -1)), mode('other', rounds(50))];
    const { cheapest, sentence } = concluded(...modes);
    expect(cheapest.is).toBe('level');
    expect(sentence).toMatch(
      /^(locked and two-locks|two-locks and locked) are level as the cheapest modes that kept the data right\.$/u,
    );
  });

  test('does not call a mode the cheapest that was the only candidate, and tells its cost', () => {
    const before = mode('locked', { ...rounds(100), lost: violated });
    expect(concluded(before, mode('after', rounds(50)))).toEqual({
      cheapest: { is: 'only', modes: ['after'] },
      sentence:
        'after is the only mode that kept the data right: 0.50 × the throughput of locked (95 % interval 0.50 to 0.50).',
    });
    expect(concluded(before, mode('after', rounds(90, 60))).sentence).toMatch(
      /^after is the only mode that kept the data right: between \d+ % less and (as much|\d+ % more) throughput than locked, too wide an interval to say which\.$/u,
    );
    expect(concluded(before, mode('after', rounds(100))).sentence).toBe(
      'after is the only mode that kept the data right: as much throughput as locked (95 % interval 1.00 to 1.00).',
    );
  });

  test('names none where none kept the data right', () => {
    const lost = { acknowledged: 1000, atLeast: 1, atMost: 4 };
    expect(conclude([mode('locked', { lost })], [], 'locked')).toEqual({
      cheapest: { is: 'none', modes: [] },
      sentence: '100 iterations/s.',
    });
    const allowed = mode('locked', { lost, violations: 'allowed' });
    expect(conclude([allowed], [], 'locked').sentence).toBe('100 iterations/s. The data was not right.');
    expect(concluded(mode('locked', { ...rounds(100), lost }), mode('free', { ...rounds(900), lost }))).toEqual({
      cheapest: { is: 'none', modes: [] },
      sentence: 'free has 9.00 × the throughput of locked (95 % interval 9.00 to 9.00). No mode kept the data right.',
    });
  });

  test('names none where the rounds are too few to tell, however far apart they lie', () => {
    const { cheapest, sentence } = concluded(mode('locked', rounds(100, 1, 5)), mode('fast', rounds(900, 1, 5)));
    expect(cheapest).toEqual({ is: 'open', modes: ['fast', 'locked'] });
    expect(sentence).toContain('cannot be told: it takes 6 rounds, and there are 5.');
    const modes = [mode('locked', rounds(100, 1, 6)), mode('fast', rounds(900, 1, 6))];
    expect(conclude(modes, compare(modes, 'locked', 'two looks'), 'locked').sentence).toContain('it takes 7 rounds');
  });

  test('names none where the throughput of a mode is not known in every round', () => {
    const { slots, ...stuck } = mode('stuck', rounds(100));
    const last = slotWith({ round: 11, response: slotTimes(9, 1) });
    const broken = { ...stuck, slots: [...slots.slice(0, 11), last] };
    expect(concluded(mode('locked', rounds(100)), broken).sentence).toContain(
      'not every round of locked and stuck has a throughput to compare.',
    );
  });

  test('says that nobody asked about the data, and how the modes compare', () => {
    const unasked = { lost: null };
    expect(conclude([mode('locked', unasked)], [], 'locked').sentence).toBe('100 iterations/s.');
    expect(
      concluded(mode('locked', { ...rounds(100), ...unasked }), mode('free', { ...rounds(400), ...unasked })),
    ).toEqual({
      cheapest: { is: 'none', modes: [] },
      sentence:
        'free has 4.00 × the throughput of locked (95 % interval 4.00 to 4.00). Whether the data stayed right is not known: the scenario has no "consistency:" section.',
    });
  });

  test('a mode that may have lost something is not said to have kept the data right, nor to have lost it', () => {
    const lost = { acknowledged: 400, atLeast: 0, atMost: 24 };
    expect(
      conclude([mode('locked'), mode('free', { lost, throughputPerSecond: 900 })], [ratio('free', 9)], 'locked'),
    ).toEqual({
      cheapest: { is: 'only', modes: ['locked'] },
      sentence: 'locked is the only mode that is known to have kept the data right: 100 iterations/s.',
    });
  });

  test('does not call a mode with another workload the cheapest', () => {
    const modes = [mode('locked'), mode('small', { throughputPerSecond: 900, differentWorkload: true })];
    expect(conclude(modes, [ratio('small', 9)], 'locked')).toEqual({
      cheapest: { is: 'only', modes: ['locked'] },
      sentence: 'locked is the only mode of this workload that kept the data right: 100 iterations/s.',
    });
  });

  test('a single mode that kept its data right is no choice', () => {
    expect(conclude([mode('locked')], [], 'locked')).toEqual({
      cheapest: { is: 'only', modes: ['locked'] },
      sentence: 'The data stayed right: 100 iterations/s.',
    });
  });

  test('says that nothing was put to the test where that is no reason for the verdict', () => {
    const lost = { acknowledged: 0, atLeast: 0, atMost: 0 };
    expect(conclude([mode('locked', { lost, violations: 'allowed' })], [], 'locked').sentence).toBe(
      '100 iterations/s. The data was not put to the test.',
    );
    expect(conclude([mode('locked', { lost })], [], 'locked').sentence).toBe('100 iterations/s.');
  });

  test('of modes that completed nothing there is nothing to say', () => {
    const silent = mode('broken', { iterations: nothingCompleted, throughputPerSecond: 0 });
    expect(conclude([silent], [], 'broken').sentence).toBe('No mode completed an iteration.');
    expect(conclude([mode('locked'), silent], [], 'locked').sentence).not.toContain('broken');
  });

  test('never says faster or slower', () => {
    const modes = [
      mode('a'),
      mode('b', { throughputPerSecond: 2 }),
      mode('c', { lost: { acknowledged: 0, atLeast: 0, atMost: 0 } }),
    ];
    expect(conclude(modes, [ratio('b', 0.02)], 'a').sentence).not.toMatch(/faster|slower/u);
  });
});
