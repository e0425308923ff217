import { describe, expect, test } from 'vitest';
import type { ModeResult, Result } from '../../../src/core/result/result.ts';
import { compare } from '../../../src/judge/compare/compare.ts';
import { conclude } from '../../../src/judge/conclusion/conclusion.ts';
import { iterations, lostWith, modeWith, slotTimes, slotWith } from '../mode.ts';

/** A mode that kept the data right, with so many completions a second and that p99, in 12 rounds that scatter by a percent or so. */
const right = (name: string, perSecond: number, p99Us: number, more: Partial<ModeResult> = {}): ModeResult =>
  modeWith({
    name,
    throughputPerSecond: perSecond,
    slots: Array.from({ length: 12 }, (_, round) => {
      const factor = 1 + 0.01 * [0, -1, 1, -0.5, 0.5][round % 5]!;
      const response = slotTimes(5000, p99Us * factor);
      return slotWith({ round, throughputPerSecond: perSecond * factor, response });
    }),
    ...lostWith(0, 0, 'no-violation-found'),
    ...more,
  });

const concluded = (...modes: readonly ModeResult[]): Pick<Result, 'conclusion' | 'cheapest'> => {
  const { cheapest, sentence } = conclude(modes, compare(modes, 'locked'), 'locked');
  return { cheapest, conclusion: sentence };
};

const wasting = (share: number): Partial<ModeResult> => {
  const { requests } = modeWith();
  return { requests, wastedRequests: share * requests.total };
};

const failing = (failed: number): Partial<ModeResult> => ({
  iterations: iterations({ completed: 10_000 - failed, failed }),
});

describe('the cheapest mode', () => {
  test('is said to have the longer p99, beside the mode that it exceeds by most', () => {
    const { cheapest, conclusion } = concluded(
      right('locked', 100, 2000),
      right('two-locks', 150, 1000),
      right('optimistic', 350, 3000),
    );
    expect(conclusion).toMatch(/\), but its p99 is 3\.00 × that of two-locks\.$/u);
    expect(cheapest?.drawbacks).toMatchObject([{ metric: 'p99', than: 'two-locks' }]);
    expect(cheapest?.drawbacks?.[0]?.value).toBeCloseTo(3, 5);
  });

  test('is said to fail and to waste requests, all in one clause', () => {
    const { cheapest, conclusion } = concluded(
      right('locked', 100, 1000),
      right('optimistic', 350, 3000, { ...wasting(0.28), ...failing(50) }),
    );
    expect(conclusion).toMatch(
      /, but its p99 is 3\.00 × that of locked, 0\.50 % of its iterations failed and 28 % of its requests were wasted on conflicts\.$/u,
    );
    expect(cheapest?.drawbacks?.map(({ metric }) => metric)).toEqual(['p99', 'failed', 'wasted']);
  });

  test.each([
    ['whose p99 is a little longer', right('optimistic', 350, 1080)],
    ['whose p99 is shorter', right('optimistic', 350, 500)],
    ['that failed once in ten thousand', right('optimistic', 350, 1000, failing(1))],
    ['that wasted a request in twenty', right('optimistic', 350, 1000, wasting(0.05))],
  ])('%s has nothing that speaks against it', (_, mode) => {
    const { cheapest, conclusion } = concluded(right('locked', 100, 1000), mode);
    expect(cheapest).toEqual({ is: 'one', modes: ['optimistic'] });
    expect(conclusion).not.toContain('but');
  });

  test('that fails no more than the others is not said to fail', () => {
    const { conclusion } = concluded(
      right('locked', 100, 1000, failing(60)),
      right('optimistic', 350, 1000, failing(100)),
    );
    expect(conclusion).not.toContain('failed');
  });

  test('is held against modes that could be chosen alone: not against one whose data was wrong', () => {
    const wrong = right('lock-free', 3000, 100, lostWith(10, 10, 'violated'));
    expect(concluded(right('locked', 100, 1000), right('optimistic', 350, 1000), wrong).conclusion).not.toContain(
      'but',
    );
  });

  test('with too few rounds to tell is not said to have the longer p99', () => {
    const few = (mode: ModeResult): ModeResult => ({ ...mode, slots: mode.slots.slice(0, 3) });
    const { cheapest } = concluded(few(right('locked', 100, 1000)), few(right('optimistic', 350, 9000)));
    expect(cheapest?.drawbacks).toBeUndefined();
  });
});
