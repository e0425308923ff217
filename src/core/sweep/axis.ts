/** What a sweep raises: users, the rate of an open load, threads, how many keys a variable has, or how skewed its pick is. */
export type AxisKind = 'users' | 'rate' | 'workers' | 'keys' | 'skew';

/** What a sweep raises, and over which values. */
export interface Axis {
  readonly kind: AxisKind;
  /** As it is written: `users`, `data.product`, `data.product.pick.zipf`. */
  readonly name: string;
  /** Rising, at least one. */
  readonly values: readonly number[];
}

/** Users and workers: what a mode grows with, so that a peak and a law may be asked for. */
export const growsWith = ({ kind }: Pick<Axis, 'kind'>): boolean => kind === 'users' || kind === 'workers';

/** The precision in which a skew is written. */
const skewStep = 0.05;

/** The nearest value that an axis of this kind has: a whole number, but a skew in steps of 0.05 and a rate of three digits. */
export const nearest = (kind: AxisKind, value: number): number => {
  if (kind === 'skew') return Number((Math.round(value / skewStep) * skewStep).toFixed(2));
  if (kind === 'rate' && value < 1000) return Number(value.toPrecision(3));
  return Math.round(value);
};

/** The value so far on the way from one to another: by their ratio, of a skew by their difference. */
export const between = (kind: AxisKind, from: number, to: number, share: number): number =>
  nearest(kind, kind === 'skew' ? from + (to - from) * share : from * (to / from) ** share);

/** Whether two values are so near to each other that nothing is asked for between them. */
export const isNarrow = (kind: AxisKind, from: number, to: number, width: number): boolean => {
  if (kind === 'skew') return to - from <= skewStep + 1e-9;
  return to / from <= (1 + width) * (1 + 1e-9) || (kind !== 'rate' && to - from <= 1);
};

/** A value with what it counts: `8 users`, `200/s`, `1 worker`, `20 keys`, `zipf 1.1`. */
export const valueText = (kind: AxisKind, value: number): string => {
  if (kind === 'skew') return `zipf ${value}`;
  const digits = value.toLocaleString('en-US', { maximumFractionDigits: 3 });
  return kind === 'rate' ? `${digits}/s` : `${digits} ${value === 1 ? kind.slice(0, -1) : kind}`;
};
