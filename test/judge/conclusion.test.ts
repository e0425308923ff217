import { describe, expect, test } from 'vitest';
import type { Comparison, ModeResult } from '../../src/core/result.ts';
import { conclude } from '../../src/judge/conclusion.ts';

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
const ratio = (name: string, value: number): Comparison => ({
  mode: name,
  control: 'locked',
  metric: 'throughput',
  ratio: value,
  rounds: 6,
});
const nothingCompleted = { scheduled: 9, begun: 9, completed: 0, failed: 9, interrupted: 0, dropped: 0 };

describe('conclude', () => {
  test('names the cheapest mode that stayed right, its cost and its contention, and what the others lost', () => {
    const modes = [
      mode('locked'),
      mode('optimistic', { throughputPerSecond: 350, conflicts: 280, attempts: 380 }),
      mode('lock-free', {
        throughputPerSecond: 3400,
        lost: { acknowledged: 1000, atLeast: 710, atMost: 710 },
        violations: 'allowed',
      }),
    ];
    expect(conclude(modes, [ratio('optimistic', 3.5), ratio('lock-free', 34)], 'locked')).toBe(
      'With 64 users on 20 keys, optimistic is the cheapest mode that stayed right: 3.50 × the throughput of locked, ' +
        '3.8 attempts each, no update lost. locked 100 iterations/s, no update lost. ' +
        'lock-free 34.0 × the throughput of locked, and lost 71 % of the updates (allowed).',
    );
  });

  test('names none where none stayed right', () => {
    const lost = { acknowledged: 1000, atLeast: 1, atMost: 4 };
    expect(conclude([mode('locked', { lost })], [], 'locked')).toBe(
      'No mode is known to have stayed right. locked 100 iterations/s, and lost 0.10 % of the updates.',
    );
  });

  test('says that nobody asked about the data', () => {
    expect(conclude([mode('locked', { lost: null })], [], 'locked')).toBe(
      'Whether the data stayed right is not known: the scenario has no "consistency:" section. locked 100 iterations/s.',
    );
  });

  test('modes that lie within a twentieth of the best are named together, by the ratio of the rounds', () => {
    const modes = [
      mode('locked'),
      mode('two-locks', { throughputPerSecond: 108 }),
      mode('other', { throughputPerSecond: 300 }),
    ];
    expect(conclude(modes, [ratio('two-locks', 0.98), ratio('other', 0.5)], 'locked')).toBe(
      'With 64 users on 20 keys, locked and two-locks are level as the cheapest modes that stayed right: ' +
        'locked 100 iterations/s, no update lost; two-locks 0.98 × the throughput of locked, no update lost. ' +
        'other 0.50 × the throughput of locked, no update lost.',
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

  test('names modes that completed nothing', () => {
    expect(conclude([mode('locked'), mode('broken', { iterations: nothingCompleted })], [], 'locked')).toContain(
      'broken completed no iteration.',
    );
    expect(conclude([mode('broken', { iterations: nothingCompleted })], [], 'broken')).toBe(
      'No mode completed an iteration, so there is nothing to conclude.',
    );
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
