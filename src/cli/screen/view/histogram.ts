import { secondBuckets, secondBucketStartUs } from '../../../core/recording/seconds.ts';
import { labelled } from '../../../report/terminal/layout/axis.ts';

const blocks = ' ▁▂▃▄▅▆▇█';

/** A range of the buckets of `seconds.ts`, drawn over `columns` columns; logarithmic, as they are. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** Buckets per column; below 1, the inverse of columns per bucket. */
  readonly each: number;
}

/** An axis with room for all counts of all histograms; `undefined` if they are empty. */
export const axisOver = (histograms: readonly (readonly number[])[], columns: number): Axis | undefined => {
  const filled = Array.from({ length: secondBuckets }, (_, bucket) => bucket).filter((bucket) =>
    histograms.some((histogram) => histogram[bucket]! > 0),
  );
  if (filled.length === 0) return undefined;
  // An extra octave on each side, so that it need not move with every slightly shorter or longer time.
  const from = Math.max(0, Math.floor((filled[0]! - 2) / 4) * 4);
  const to = Math.min(secondBuckets, Math.ceil((filled.at(-1)! + 2) / 4) * 4 + 1);
  const wide = Math.floor(columns / (to - from));
  const each = wide >= 1 ? 1 / Math.min(wide, 4) : Math.ceil((to - from) / columns);
  return { from, to, each, columns: Math.ceil((to - from) / each) };
};

/** A histogram as `lines` lines of blocks, the highest first, scaled to its own peak. */
export const barsOf = (histogram: readonly number[], { from, each, columns }: Axis, lines: number): string[] => {
  const counts = Array.from({ length: columns }, (_, column) => {
    if (each <= 1) return histogram[from + Math.floor(column * each + 1e-9)]!;
    const start = from + column * each;
    return histogram.slice(start, start + each).reduce((sum, count) => sum + count, 0);
  });
  const highest = Math.max(...counts);
  // Never blank if anything is there.
  const eighths = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / highest) * lines * 8))));
  return Array.from({ length: lines }, (_, line) =>
    eighths.map((height) => blocks[Math.max(0, Math.min(8, height - (lines - 1 - line) * 8))]!).join(''),
  );
};

/** Powers of ten, each beginning at its column. */
export const ticksOf = ({ from, to, each, columns }: Axis): string => {
  const columnOf = (us: number): number => Math.round((2 * Math.log2(us) - from) / each);
  const decades = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].filter(
    (us) => us >= secondBucketStartUs(from) && us < secondBucketStartUs(to),
  );
  return labelled(
    decades.map((us) => ({ us, column: columnOf(us) })),
    columns,
  );
};
