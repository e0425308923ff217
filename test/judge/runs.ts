import type { ModeResult, Result } from '../../src/core/result/result.ts';
import { exampleResult } from '../report/example-result.ts';
import { modeWith, slotTimes, slotWith } from './mode.ts';

/** Completions per second and the median service time in µs, of one round. */
type Round = readonly [perSecond: number, serviceUs: number];

/** A mode with those rounds. */
export const modeOfRounds = (name: string, rounds: readonly Round[], more: Partial<ModeResult> = {}): ModeResult =>
  modeWith({
    name,
    slots: rounds.map(([throughputPerSecond, us], round) =>
      slotWith({ round, throughputPerSecond, response: slotTimes(100, us), service: slotTimes(100, us) }),
    ),
    ...more,
  });

/** A run of those modes, the first of them its control. */
export const runOf = (modes: readonly [ModeResult, ...ModeResult[]], more: Partial<Result> = {}): Result => ({
  ...exampleResult(),
  scenario: { ...exampleResult().scenario, rounds: modes[0].slots.length, control: modes[0].name },
  modes,
  comparisons: [],
  ...more,
});

/** Eight rounds around these two figures, which scatter by a hundredth or so. */
export const around = (perSecond: number, us: number, scatter: readonly number[] = wave): readonly Round[] =>
  scatter.map((by) => [perSecond * (1 + by), us * (1 - by)]);

const wave = [0.01, -0.012, 0.004, 0.015, -0.008, 0.002, -0.005, 0.009];
