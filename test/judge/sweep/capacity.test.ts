import { describe, expect, test } from 'vitest';
import type { CapacityResult } from '../../../src/core/result/sweep.ts';
import { concludeSweep } from '../../../src/judge/sweep/conclusion.ts';
import { judgeSweep } from '../../../src/judge/sweep/verdict.ts';

const found = (more: Partial<CapacityResult>): CapacityResult => ({
  mode: 'api',
  gates: ['p99(api) < 100ms'],
  keeps: null,
  fails: null,
  undecided: [],
  endedBy: 'undecided',
  limit: null,
  probes: [],
  exercised: null,
  ...more,
});

const judged = (capacity: readonly CapacityResult[], undecided: 'fail' | 'warn' = 'fail') =>
  judgeSweep({
    kind: 'rate',
    lowest: 100,
    points: [],
    isCapacity: true,
    capacity,
    gates: [],
    invalid: undefined,
    undecided,
  });

describe('a search for capacity', () => {
  test.each([
    ['found a load that is kept', { keeps: 185, fails: 195, endedBy: 'width' }],
    ['keeps the highest that was asked for', { keeps: 400, endedBy: 'axis' }],
  ] as const)('that %s is done', (_, more) => {
    expect(judged([found(more)])).toMatchObject({ headline: 'DONE', exitCode: 0 });
  });

  test('in which no mode keeps the lowest load has failed its gates', () => {
    const below = found({ fails: 100, endedBy: 'from', limit: 'target' });
    expect(judged([below])).toMatchObject({
      headline: 'FAIL',
      exitCode: 99,
      reasons: ['p99(api) < 100ms: not kept at 100/s, the lowest load tried'],
    });
    // Beside a mode that keeps some it is a finding.
    expect(judged([below, found({ mode: 'fast', keeps: 185, endedBy: 'width' })]).exitCode).toBe(0);
    // Where contend was the limit nothing is known of the target.
    expect(judged([found({ endedBy: 'generator', limit: 'generator' })]).exitCode).toBe(97);
  });

  test('that holds a load below its range only has failed, or is undecided where that is not shown', () => {
    expect(judged([found({ keeps: 80, fails: 84, endedBy: 'width', limit: 'target' })])).toMatchObject({
      headline: 'FAIL',
      exitCode: 99,
      reasons: ['p99(api) < 100ms: kept at 80/s at most, and the range begins at 100/s'],
    });
    for (const open of [{ endedBy: 'budget' }, { fails: 102, endedBy: 'width' }] as const)
      expect(judged([found({ keeps: 98, ...open })])).toMatchObject({
        headline: 'UNDECIDED',
        exitCode: 97,
        reasons: ['whether 100/s, where the range begins, is kept is not shown'],
      });
    expect(judged([found({ keeps: 100, fails: 105, endedBy: 'width' })]).exitCode).toBe(0);
  });

  test('that found nothing is undecided, also where another mode has an answer', () => {
    const capacity = [
      found({ keeps: 185, fails: 195, endedBy: 'width' }),
      found({ mode: 'slow', endedBy: 'generator' }),
    ];
    expect(judged(capacity)).toMatchObject({
      headline: 'UNDECIDED',
      exitCode: 97,
      reasons: ['the capacity of slow is not known'],
    });
    expect(judged(capacity, 'warn')).toMatchObject({ headline: 'UNDECIDED', exitCode: 0 });
  });

  test('that the generator held up at once does not blame the target, and says what helps', () => {
    const late = { at: 100, passes: 0, failures: 4, undecided: 0, because: 'the generator was 30 ms late' };
    const sentence = concludeSweep({
      axis: { kind: 'rate', values: [100, 400] },
      points: [{}],
      scaling: [],
      crossings: [],
      capacity: [found({ endedBy: 'generator', limit: 'generator', probes: [late] })],
    } as unknown as Parameters<typeof concludeSweep>[0]);
    expect(sentence).toMatch(
      /^The capacity of the target is not known, as contend is the limit at 100\/s already: the generator was 30 ms late\. End other programs/u,
    );
  });

  test('that the budget ended says what was kept and what was not, and where contend was late', () => {
    const probe = (at: number, passes: number, failures: number, spoiled = 0) => ({
      at,
      passes,
      failures,
      undecided: 0,
      spoiled,
      because: failures > 0 ? 'p99 was 84 ms over 2,041 iterations' : null,
    });
    const sentence = concludeSweep({
      axis: { kind: 'rate', values: [50, 400] },
      points: [{}],
      scaling: [],
      crossings: [],
      capacity: [
        found({
          endedBy: 'budget',
          probes: [probe(50, 0, 2, 2), probe(183, 2, 0), probe(191, 0, 1), probe(220, 0, 1)],
        }),
      ],
    } as unknown as Parameters<typeof concludeSweep>[0]);
    expect(sentence).toBe(
      'The capacity of the target is not known; the budget ended the search. At 191/s p99 was 84 ms over 2,041 iterations. ' +
        'Highest kept: 183/s (2 of 2 probes, not confirmed); lowest not kept: 191/s (1 of 1 probe, not confirmed). ' +
        'Contend itself was late in probes at 50/s (2 of 2): those say nothing of the target. ' +
        'A longer --budget, or a --width of 20%, gives an answer.',
    );
  });
});
