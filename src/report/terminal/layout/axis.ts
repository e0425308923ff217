import { widthOf } from '../../plain.ts';

const tick = (us: number): string => {
  if (us === 0) return '0';
  if (us < 1000) return `${us} µs`;
  return us < 1_000_000 ? `${us / 1000} ms` : `${us / 1_000_000} s`;
};

/** The labels of an axis, each beginning at its column; one that would touch the one before is left out. */
export const labelled = (
  ticks: readonly { readonly us: number; readonly column: number }[],
  columns: number,
): string => {
  let line = '';
  for (const { us, column } of ticks) {
    const text = tick(us);
    const start = Math.min(column, columns - widthOf(text));
    if (line === '' || start >= widthOf(line) + 2) line = line.padEnd(start) + text;
  }
  return line;
};

const decadeOf = (us: number): number => 10 ** Math.floor(Math.log10(us) + 1e-9);

/** The next 1, 2 or 5 at or below. */
export const roundDown = (us: number): number => {
  const decade = decadeOf(us);
  return decade * [5, 2, 1].find((step) => step * decade <= us)!;
};

/** The next 1, 2 or 5 above. */
export const roundUp = (us: number): number => {
  const decade = decadeOf(Math.max(1, us));
  return decade * [2, 5, 10].find((step) => step * decade > us)!;
};
