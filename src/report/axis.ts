/** A tick of a time axis, as short as possible: `0`, `500 µs`, `20 ms`, `5 s`. @param us microseconds */
export const tickOf = (us: number): string => {
  if (us === 0) return '0';
  if (us < 1000) return `${us} µs`;
  return us < 1_000_000 ? `${us / 1000} ms` : `${us / 1_000_000} s`;
};

const decadeOf = (value: number): number => 10 ** Math.floor(Math.log10(value) + 1e-9);

/** The next 1, 2 or 5 times a power of ten, at or below the value. */
export const roundDown = (value: number): number => {
  const decade = decadeOf(value);
  return tidy(decade * [5, 2, 1].find((step) => tidy(step * decade) <= value)!);
};

/** The next 1, 2 or 5 times a power of ten above the value. */
export const roundUp = (value: number): number => {
  const decade = decadeOf(value);
  return tidy(decade * [2, 5, 10].find((step) => tidy(step * decade) > value)!);
};

/** The ticks of a logarithmic axis: the steps in each decade, both ends included. */
export const logTicks = (least: number, most: number, steps: readonly number[]): number[] => {
  const places: number[] = [];
  for (let decade = decadeOf(least); decade <= most; decade = tidy(decade * 10))
    places.push(...steps.map((step) => tidy(step * decade)));
  return places.filter((place) => place >= least && place <= most);
};

/** Powers of ten below 1 are not exact in binary: makes 0.1 × 3 exactly 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));
