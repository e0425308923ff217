import type { Comparison, ModeResult, SlotResult } from '../core/result.ts';
import { median } from './median.ts';

const metrics: { readonly [name in Comparison['metric']]: (slot: SlotResult) => number } = {
  throughput: (slot) => slot.throughputPerSecond,
  p50: (slot) => slot.p50Us,
  p95: (slot) => slot.p95Us,
  p99: (slot) => slot.p99Us,
};

/**
 * Every mode beside the control, round by round: a round's slots shared the machine's mood, so their ratio is steadier
 * than the ratio of two medians. A round in which either figure is 0 has no ratio and is left out.
 */
export const compare = (modes: readonly ModeResult[], control: string): readonly Comparison[] => {
  const base = modes.find((mode) => mode.name === control);
  if (base === undefined) return [];
  const baseByRound = new Map(base.slots.map((slot) => [slot.round, slot]));
  return modes
    .filter((mode) => mode !== base)
    .flatMap((mode) =>
      Object.entries(metrics).flatMap(([metric, of]) => {
        const ratios = mode.slots.flatMap((slot) => {
          const beside = baseByRound.get(slot.round);
          return beside === undefined || of(beside) === 0 || of(slot) === 0 ? [] : [of(slot) / of(beside)];
        });
        if (ratios.length === 0) return [];
        return [
          {
            mode: mode.name,
            control,
            metric: metric as Comparison['metric'],
            ratio: median(ratios),
            rounds: ratios.length,
          },
        ];
      }),
    );
};
