import { describe, expect, test } from 'vitest';
import type { ModeResult, Result } from '../../../src/core/result/result.ts';
import { compare } from '../../../src/judge/compare/compare.ts';
import { conclude } from '../../../src/judge/conclusion/conclusion.ts';
import type { UnequalWork } from '../../../src/judge/compare/work.ts';
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

const concluded = (...modes: readonly ModeResult[]): Pick<Result, 'conclusion' | 'cheapest'> => concludedOf(modes, []);

const concludedOf = (
  modes: readonly ModeResult[],
  unequal: readonly UnequalWork[],
): Pick<Result, 'conclusion' | 'cheapest'> => {
  const { cheapest, sentence } = conclude(modes, compare(modes, 'locked'), 'locked', unequal);
  return { cheapest, conclusion: sentence };
};

/** It granted 42 % of the bookings, locked 65 %. */
const refusing = (mode: string): UnequalWork => ({
  mode,
  control: 'locked',
  step: 'book',
  status: '200',
  own: 0.42,
  other: 0.65,
});

const wasting = (share: number): Partial<ModeResult> => {
  const { requests } = modeWith();
  return { requests, wastedRequests: share * requests.total };
};

const wrong = (): Partial<ModeResult> => lostWith(10, 10, 'violated');

const unasked = (name: string, perSecond: number): ModeResult =>
  right(name, perSecond, 1000, { lost: null, consistency: null });

const offered = (name: string, p99Us: number): ModeResult =>
  right(name, 100, p99Us, {
    offered: { arrival: 'even', perSecond: 100, askedPerSecond: 100, pacing: 'relaxed', late: 0 },
  });

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

describe('a mode that did other work than those it is compared with', () => {
  const unlike = /, but it did different work: 65 % of the answers to book were 200 in locked, 42 % in after\.$/u;

  test.each([
    ['is the cheapest', [right('locked', 100, 1000), right('after', 350, 1000)]],
    ['is the only one that kept the data right', [right('locked', 100, 1000, wrong()), right('after', 350, 1000)]],
    ['is slower than the control, which is the cheapest', [right('locked', 350, 1000), right('after', 100, 1000)]],
    ['has a ratio, where nobody asked about the data', [unasked('locked', 100), unasked('after', 350)]],
    ['has the lowest times under an open load', [offered('locked', 3000), offered('after', 1000)]],
  ])('is told so in the sentence where it %s', (_, modes) => {
    const asked = concludedOf(modes, [refusing('after')]).conclusion.replace(/ Whether the data.*$/u, '');
    expect(asked).toMatch(unlike);
    expect(concluded(...modes).conclusion).not.toContain('different work');
  });

  test('comes last of all that speaks against it', () => {
    const modes = [right('locked', 100, 1000), right('after', 350, 3000)];
    expect(concludedOf(modes, [refusing('after')]).conclusion).toMatch(
      /, but its p99 is 3\.00 × that of locked and it did different work: 65 %/u,
    );
  });

  test('is no matter to a sentence that names neither it nor a ratio to it', () => {
    const modes = [right('locked', 100, 1000), right('optimistic', 350, 1000), right('after', 50, 1000, wrong())];
    expect(concludedOf(modes, [refusing('after')]).conclusion).not.toContain('different work');
    const only = [right('locked', 100, 1000), right('after', 350, 1000, wrong())];
    expect(concludedOf(only, [refusing('after')]).conclusion).not.toContain('different work');
  });
});
