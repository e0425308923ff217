import { describe, expect, test } from 'vitest';
import { missShare } from '../../../src/core/looks.ts';
import type { Capacity } from '../../../src/core/result/sweep.ts';
import { CapacitySearch } from '../../../src/judge/scaling/capacity.ts';
import {
  crossingOf,
  mostStages,
  signOf,
  stageOf,
  type Crossing,
  type Seen,
} from '../../../src/judge/scaling/crossing.ts';
import type { Grid } from '../../../src/judge/scaling/grid.ts';
import { peakOf } from '../../../src/judge/scaling/law.ts';
import { scalingOf, type Scaling } from '../../../src/judge/scaling/scaling.ts';
import {
  curveOf,
  doubling,
  drawsOf,
  knee,
  repairman,
  sample,
  shareOf,
  truths,
  type Curve,
  type Draws,
} from './draws.ts';

const alpha = missShare['one look'];

const scaling = (curve: Curve, what: string, run: number): Scaling =>
  scalingOf(sample(curve, 6, 0.03, drawsOf(run, what)) satisfies Grid, alpha);

const isTold = ({ peak }: Scaling): boolean => peak !== undefined && peak.high !== null;

/** How often what is told of simulated sweeps may be wrong: the fewer there are, the further chance takes a share. */
export const simulations = (runs: number): void => {
  describe(`over ${runs} sweeps of 8 points in 6 rounds, with noise of 3 %,`, () => {
    test.each(['A', 'B'] as const)(
      'the peak of truth %s is told in 95 % and right in at least 92 % of those',
      (name) => {
        const told = Array.from({ length: runs }, (_, run) => scaling(curveOf(name), name, run)).flatMap(
          ({ peak }) => peak ?? [],
        );
        const truth = peakOf(truths[name]);
        const right = told.filter(({ low, high }) => low <= truth && truth <= (high ?? Infinity));
        expect(told.length / runs).toBeGreaterThanOrEqual(0.95);
        expect(right.length / told.length).toBeGreaterThanOrEqual(0.92);
      },
    );

    test('σ of truth A is right in at least 92 %', () => {
      const fitted = Array.from({ length: runs }, (_, run) => scaling(curveOf('A'), 'A', run)).flatMap(
        ({ intervals }) => intervals ?? [],
      );
      const right = fitted.filter(({ sigma }) => sigma.low <= 0.05 && 0.05 <= sigma.high!);
      expect(right.length / fitted.length).toBeGreaterThanOrEqual(0.92);
    });

    test.each([
      ['truth C, which has none', curveOf('C')],
      ['truth E, whose peak is out of range', curveOf('E')],
      ['a mutex', knee(0)],
      ['a knee with work outside the lock', knee(8)],
    ])('a peak of %s is told in at most 2 %', (name, curve) => {
      expect(shareOf(runs, (run) => isTold(scaling(curve, name, run)))).toBeLessThanOrEqual(0.02);
    });

    test('a flat peak, truth D, is told in few sweeps, and right in nearly all of those', () => {
      const told = Array.from({ length: runs }, (_, run) => scaling(curveOf('D'), 'D', run)).flatMap(
        ({ peak }) => peak ?? [],
      );
      const truth = peakOf(truths.D);
      const right = told.filter(({ low, high }) => low <= truth && truth <= (high ?? Infinity));
      expect(told.length).toBeGreaterThan(0);
      expect(told.length / runs).toBeLessThan(0.6);
      // There are so few that chance takes this share further.
      expect(right.length / told.length).toBeGreaterThanOrEqual(0.87);
    });

    test('the law of a mutex with eight times as much work outside of it is always rejected', () => {
      expect(shareOf(runs, (run) => scaling(repairman(8), 'repairman', run).verdict === 'rejected')).toBe(1);
    });

    test('a law that holds is rejected in at most 3 %', () => {
      expect(shareOf(runs, (run) => scaling(curveOf('A'), 'A', run).verdict === 'rejected')).toBeLessThanOrEqual(0.03);
    });

    test.each(['A', 'B', 'C', 'E'] as const)(
      'the plateau of truth %s holds its highest point in at least 99 %',
      (name) => {
        const curve = curveOf(name);
        const top = doubling.reduce((best, at) => (curve(at) > curve(best) ? at : best));
        const holds = (run: number): boolean => {
          const { from, to } = scaling(curve, name, run).plateau;
          return from <= top && top <= to;
        };
        expect(shareOf(runs, holds)).toBeGreaterThanOrEqual(0.99);
      },
    );

    test('a mutex is level from the first point to the last, nearly always', () => {
      const spans = (run: number): number => {
        const { from, to } = scaling(knee(0), 'a mutex', run).plateau;
        return to / from;
      };
      expect(shareOf(runs, (run) => spans(run) >= 32)).toBeGreaterThanOrEqual(0.95);
    });
  });

  describe(`over ${runs} searches for a crossing on 1 to 128 keys`, () => {
    const straight =
      (slope: number, zero: number): Curve =>
      (at) =>
        slope * Math.log2(at / zero);
    const zeroOf = (run: number): number => 1.5 * 60 ** drawsOf(run, 'zero').uniform();

    test('a known one is in the bracket in all of them but 1 %, and the bracket is narrow', () => {
      const found = Array.from({ length: runs }, (_, run) => ({
        zero: zeroOf(run),
        crossing: cross(straight(0.3, zeroOf(run)), 0.04, drawsOf(run, 'straight')),
      }));
      const brackets = found.flatMap(({ crossing, zero }) =>
        crossing.kind === 'crossing' ? [{ ...crossing.bracket, zero }] : [],
      );
      const right = brackets.filter(({ below, above, zero, sign }) => below <= zero && zero <= above && sign === 1);
      const widths = brackets.map(({ below, above }) => above / below).toSorted((a, b) => a - b);
      expect(right.length / runs).toBeGreaterThanOrEqual(0.99);
      expect(widths[Math.floor(widths.length / 2)]).toBeLessThanOrEqual(1.55);
    });

    test('one is told of equal modes in at most 2 %', () => {
      const told = (run: number): boolean => cross(() => 0, 0.04, drawsOf(run, 'equal')).kind === 'crossing';
      expect(shareOf(runs, told)).toBeLessThanOrEqual(0.02);
    });

    test('a valley is told as several in at least 95 %', () => {
      const valley: Curve = (at) => 0.2 - 0.3 * Math.exp(-((Math.log2(at) - 3.5) ** 2) / 4);
      const told = (run: number): boolean => cross(valley, 0.04, drawsOf(run, 'valley')).kind === 'several';
      expect(shareOf(runs, told)).toBeGreaterThanOrEqual(0.95);
    });
  });

  describe(`over ${runs} searches for the capacity of a queue of 1,000/s under p99 < 50 ms`, () => {
    test.each([
      ['that is quiet', { bursts: 0, noise: 0.08, hot: 0 }, 0.99],
      ['in which every 20th slot takes three times as long', { bursts: 0.05, noise: 0.08, hot: 0 }, 0.97],
      ['that stays hot after an overload', { bursts: 0.02, noise: 0.08, hot: 0.6 }, 0.97],
    ])('%s', (_, kind, least) => {
      const right = (run: number): boolean => {
        const { keeps, fails } = search(queue(kind, drawsOf(run, 'queue')));
        return keeps !== null && fails !== null && keeps / 1.02 <= capacityOfQueue && capacityOfQueue <= fails * 1.02;
      };
      expect(shareOf(runs, right)).toBeGreaterThanOrEqual(least);
    });
  });
};

/** The rate at which the 99th percentile of an M/M/1 queue of 1,000/s is 50 ms. */
const capacityOfQueue = 1000 - Math.log(100) / 0.05;

interface QueueKind {
  /** The share of slots that take three times as long. */
  readonly bursts: number;
  readonly noise: number;
  /** How often a slot after an overloaded one fails, whatever its rate. */
  readonly hot: number;
}

/** Whether one slot of that queue keeps its gate. */
const queue = ({ bursts, noise, hot }: QueueKind, draws: Draws): ((rate: number) => boolean) => {
  let isHot = false;
  return (rate) => {
    const wasHot = isHot;
    isHot = hot > 0 && rate >= 1000;
    if (wasHot && draws.uniform() < hot) {
      isHot = true;
      return false;
    }
    if (rate >= 1000) return false;
    const deviation = noise * (1 + rate / (1000 - rate) / 10);
    const p99 = (Math.log(100) / (1000 - rate)) * Math.exp(deviation * draws.normal());
    return p99 * (draws.uniform() < bursts ? 3 : 1) < 0.05;
  };
};

const search = (keeps: (rate: number) => boolean): Capacity => {
  const machine = new CapacitySearch({ kind: 'rate', from: 100, to: 100_000, width: 0.05 });
  for (let slots = 0; machine.wanted !== undefined; slots++) {
    expect(slots).toBeLessThan(1000);
    machine.tell(
      keeps(machine.wanted) ? { is: 'kept' } : { is: 'failed', because: 'p99 is too long', limit: 'target' },
    );
  }
  return machine.found('budget');
};

/** A search of two stages over differences of logarithms that lie `noise` about `difference`, in rounds of seven. */
const cross = (difference: Curve, noise: number, draws: Draws): Crossing => {
  const ratios = new Map<number, number[]>();
  const seen = (): readonly Seen[] =>
    [...ratios].map(([at, all]) => ({ at, sign: signOf(all, missShare['two looks']), looks: all.length / 7 }));
  const measure = (at: number): void => {
    const more = Array.from({ length: 7 }, () => difference(at) + noise * draws.normal());
    ratios.set(at, [...(ratios.get(at) ?? []), ...more]);
  };
  doubling.forEach(measure);
  for (let stage = 0; stage < mostStages; stage++) {
    const { fresh, again } = stageOf(crossingOf(seen()), seen(), 'keys');
    [...fresh, ...again].forEach(measure);
  }
  return crossingOf(seen());
};
