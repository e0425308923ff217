import { describe, expect, test } from 'vitest';
import type { Looks } from '../../src/core/looks.ts';
import type { RelativeGate } from '../../src/core/plan/plan.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import { compare } from '../../src/judge/compare/compare.ts';
import { judgeRelatives } from '../../src/judge/gate/relative.ts';
import { noises, simulate, type Noise, type Simulated } from './noise.ts';

const kinds = Object.entries(noises) as [string, Noise][];
const modes = (slower: number): readonly Simulated[] => [
  { name: 'control', slower: 1 },
  { name: 'a', slower },
  { name: 'b', slower },
];

/** Four gates: the throughput and the service time of two modes against the control, at most so much worse. */
const gates = (margin: number): readonly RelativeGate[] =>
  ['a', 'b'].flatMap((mode): RelativeGate[] => {
    const against = { mode: 'control', plus: 0 };
    return [
      { text: `throughput(${mode})`, metric: 'throughput', mode, op: '>=', against: { ...against, times: 1 - margin } },
      { text: `p99(${mode})`, metric: 'service.p99', mode, op: '<=', against: { ...against, times: 1 + margin } },
    ];
  });

const verdicts = (asked: readonly RelativeGate[], measured: readonly ModeResult[], looks: Looks): readonly string[] =>
  [...judgeRelatives(asked, measured, looks).values()].map(({ verdict }) => verdict);

const until = (rounds: number, measured: readonly ModeResult[]): readonly ModeResult[] =>
  measured.map((mode) => ({ ...mode, slots: mode.slots.filter(({ round }) => round < rounds) }));

/** How often the comparisons and the gates of simulated runs may be wrong. */
export interface Limits {
  /** The share of 5 % intervals that the truth is not in. */
  readonly missed: number;
  /** The share of runs of equal modes that fail. */
  readonly failed: number;
}

/** The tests of how often they are wrong, over so many simulated runs: the fewer they are, the further chance takes a share from what it is. */
export const simulations = (runs: number, limits: Limits): void => {
  /** In which share of the runs it is so. */
  const shareOf = (isSo: (run: number) => boolean): number =>
    Array.from({ length: runs }, (_, run) => run).filter(isSo).length / runs;

  describe.each(kinds)(`%s: over ${runs} runs of 12 rounds of equal modes`, (_, noise) => {
    const equal = Array.from({ length: runs }, (_, run) => simulate(modes(1), 12, noise, run));

    test(`the 5 % intervals miss at most ${percent(limits.missed)}`, () => {
      const missed = new Map<string, number>();
      for (const run of equal) {
        for (const { metric, mode, low, high } of compare(run, 'control')) {
          const which = `${metric} of ${mode}`;
          missed.set(which, (missed.get(which) ?? 0) + (low! > 1 || high! < 1 ? 1 / runs : 0));
        }
      }
      expect(missed.size).toBe(14);
      expect([...missed].filter(([, share]) => share > limits.missed)).toEqual([]);
    });

    test(`a run with four gates without a margin fails in at most ${percent(limits.failed)}`, () => {
      const failed = shareOf((run) => verdicts(gates(0), equal[run]!, 'one look').includes('fail'));
      expect(failed).toBeLessThanOrEqual(limits.failed);
    });

    test('and in as few where it may go on for 12 more rounds', () => {
      const failed = shareOf((run) => {
        const whole = simulate(modes(1), 24, noise, run);
        const first = verdicts(gates(0), until(12, whole), 'two looks');
        const last = first.includes('undecided') ? verdicts(gates(0), whole, 'two looks') : first;
        return last.includes('fail');
      });
      expect(failed).toBeLessThanOrEqual(limits.failed);
    });

    test('and in as few where it is stopped as soon as a round has decided it', () => {
      const failed = shareOf(
        (run) =>
          [10, 11].some((round) => verdicts(gates(0), until(round, equal[run]!), 'every round').includes('fail')) ||
          verdicts(gates(0), equal[run]!, 'one look').includes('fail'),
      );
      expect(failed).toBeLessThanOrEqual(limits.failed);
    });
  });

  describe('on a quiet machine, with a margin of 5 %,', () => {
    test('what is 10 % worse fails in at least 95 % of the runs', () => {
      const failed = shareOf((run) => verdicts(gates(0.05), quiet(1.1, run), 'one look').includes('fail'));
      expect(failed).toBeGreaterThanOrEqual(0.95);
    });

    test('what is equal never fails, and the throughput passes in at least 95 % of the runs', () => {
      const ofThroughput = gates(0.05).filter(({ metric }) => metric === 'throughput');
      const seen = Array.from({ length: runs }, (_, run) => verdicts(ofThroughput, quiet(1, run), 'one look'));
      expect(seen.flat()).not.toContain('fail');
      expect(seen.filter((one) => one.every((verdict) => verdict === 'pass')).length / runs).toBeGreaterThanOrEqual(
        0.95,
      );
    });

    const quiet = (slower: number, run: number): readonly ModeResult[] =>
      simulate(modes(slower), 12, noises.quiet, run);
  });
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
