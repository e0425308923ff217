import { missShare, type Looks } from '../../core/looks.ts';
import type { ModeResult } from '../../core/result/result.ts';
import type { LevelInterval } from '../../core/result/sweep.ts';
import { fewestRounds, figures } from '../compare/compare.ts';
import { hodgesLehmann } from '../stats/signed-rank.ts';

const metrics = ['throughput', 'p50', 'p95', 'p99'] as const satisfies readonly LevelInterval['metric'][];

/**
 * The figures of every mode over its rounds, each with the interval of the exact signed-rank test on their logarithms. Conditions that all
 * modes share in a round widen these intervals but not those of a ratio: two that overlap may still be distinguishable.
 */
export const intervalsOf = (modes: readonly ModeResult[], looks: Looks): readonly LevelInterval[] =>
  modes.flatMap((mode) =>
    metrics.flatMap((metric) => {
      const logs = mode.slots.flatMap((slot) => {
        const figure = figures[metric](slot);
        return figure === undefined ? [] : [Math.log(figure)];
      });
      if (logs.length < mode.slots.length || logs.length < fewestRounds(looks)) return [];
      const { estimate, low, high } = hodgesLehmann(logs, missShare[looks]);
      return [{ mode: mode.name, metric, estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) }];
    }),
  );
