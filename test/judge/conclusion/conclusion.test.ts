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
const concluded = (...modes: readonly ModeResult[]): string => conclude(modes, compare(modes, 'locked'), 'locked');

describe('conclude', () => {
  test('names a clear winner with its interval, its cost and its contention, and what the others lost', () => {
    const control = mode('locked', rounds(100, 0));
    const optimistic = mode('optimistic', { ...rounds(350), conflicts: 280, attempts: 380 });
    const free = mode('lock-free', { ...rounds(3400), lost: violated, violations: 'allowed' });
    expect(concluded(control, optimistic, free)).toBe(
      'With 64 users on 20 keys, optimistic is the cheapest mode that stayed right: 3.50 × (3.48 to 3.52) the throughput of locked, ' +
        '3.8 attempts each, no update lost. locked 100 iterations/s, no update lost. ' +
        'lock-free 34.0 × (33.8 to 34.2) the throughput of locked, and lost 71 % of the updates (allowed).',
    );
  });

  test('holds the best against the runner-up, not only against the control', () => {
    const modes = [mode('locked', rounds(100, 0)), mode('a', rounds(350, 1)), mode('b', rounds(300, 20))];
    expect(concluded(...modes)).toMatch(
      /^With 64 users on 20 keys, a is the cheapest mode that stayed right: 3\.50 ×/u,
    );
    expect(concluded(modes[0]!, modes[1]!, mode('b', rounds(340, 40)))).toMatch(
      /^With .*, no mode can be named the cheapest of those that stayed right: 12 rounds do not tell (a and b|b and a) apart\. /u,
    );
  });

  test('names modes together that are shown to be level', () => {
    const modes = [mode('locked', rounds(100)), mode('two-locks', rounds(99.9, -1)), mode('other', rounds(50))];
    expect(concluded(...modes)).toMatch(
      /^With 64 users on 20 keys, (locked and two-locks|two-locks and locked) are level as the cheapest modes that stayed right: .* other 0\.50 × \(0\.50 to 0\.50\) the throughput of locked, no update lost\.$/u,
    );
  });

  test('names none where none stayed right', () => {
    const lost = { acknowledged: 1000, atLeast: 1, atMost: 4 };
    expect(conclude([mode('locked', { lost })], [], 'locked')).toBe(
      'No mode is known to have stayed right. locked 100 iterations/s, and lost 0.10 % of the updates.',
    );
    expect(concluded(mode('locked', { ...rounds(100), lost }), mode('free', { ...rounds(900), lost }))).toMatch(
      /^No mode is known to have stayed right\. locked .*\. free 9\.00 × \(9\.00 to 9\.00\) the throughput of locked, and lost/u,
    );
  });

  test('names none where the rounds are too few to tell, however far apart they lie', () => {
    expect(concluded(mode('locked', rounds(100, 1, 5)), mode('fast', rounds(900, 1, 5)))).toBe(
      'With 64 users on 20 keys, no mode can be named the cheapest of those that stayed right: it takes 6 rounds, and there are 5. ' +
        'fast 9.00 × the throughput of locked, no update lost; locked 100 iterations/s, no update lost.',
    );
    const modes = [mode('locked', rounds(100, 1, 6)), mode('fast', rounds(900, 1, 6))];
    expect(conclude(modes, compare(modes, 'locked', 'two looks'), 'locked')).toContain('it takes 7 rounds');
  });

  test('names none where the throughput of a mode is not known in every round', () => {
    const { slots, ...stuck } = mode('stuck', rounds(100));
    const last = slotWith({ round: 11, response: slotTimes(9, 1) });
    expect(concluded(mode('locked', rounds(100)), { ...stuck, slots: [...slots.slice(0, 11), last] })).toContain(
      'not every round of locked and stuck has a throughput to go by. locked 100 iterations/s',
    );
  });

  test('says that nobody asked about the data', () => {
    expect(conclude([mode('locked', { lost: null })], [], 'locked')).toBe(
      'Whether the data stayed right is not known: the scenario has no "consistency:" section. locked 100 iterations/s.',
    );
  });

  test('a mode that may have lost something is not said to have stayed right', () => {
    const lost = { acknowledged: 400, atLeast: 0, atMost: 24 };
    expect(
      conclude([mode('locked'), mode('free', { lost, throughputPerSecond: 900 })], [ratio('free', 9)], 'locked'),
    ).toBe(
      'With 64 users on 20 keys, locked is the cheapest mode that stayed right: 100 iterations/s, no update lost. ' +
        'free 9.00 × the throughput of locked, at most 24 updates lost: nobody knows.',
    );
  });

  test('a mode that never had its turn is not blamed for it', () => {
    const unbegun = { scheduled: 0, begun: 0, completed: 0, failed: 0, interrupted: 0, dropped: 0 };
    expect(conclude([mode('locked'), mode('late', { iterations: unbegun })], [], 'locked')).not.toContain('late');
  });

  test('does not call a mode with another workload the cheapest', () => {
    const modes = [mode('locked'), mode('small', { throughputPerSecond: 900, differentWorkload: true })];
    expect(conclude(modes, [ratio('small', 9)], 'locked')).toMatch(
      /^With 64 users on 20 keys, locked is the cheapest/u,
    );
  });

  test('says that the warm-up had left too much where only what was due in it completed', () => {
    expect(conclude([mode('slow', { iterations: nothingCompleted, throughputPerSecond: 6 })], [], 'slow')).toMatch(
      /^What the warm-up had left filled the measured part/u,
    );
  });

  test('names modes that completed nothing', () => {
    expect(conclude([mode('locked'), mode('broken', { iterations: nothingCompleted })], [], 'locked')).toContain(
      'broken completed no iteration.',
    );
    const silent = mode('broken', { iterations: nothingCompleted, throughputPerSecond: 0 });
    expect(conclude([silent], [], 'broken')).toBe('No mode completed an iteration, so there is nothing to conclude.');
  });

  test('never says faster or slower', () => {
    const modes = [
      mode('a'),
      mode('b', { throughputPerSecond: 2 }),
      mode('c', { lost: { acknowledged: 0, atLeast: 0, atMost: 0 } }),
    ];
    expect(conclude(modes, [ratio('b', 0.02)], 'a')).not.toMatch(/faster|slower/u);
  });
});
