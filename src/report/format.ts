/** Printed in place of a missing number. */
export const nothing = '–';

/** A whole number with thousands separators: `1,270`. */
export const count = (value: number): string => grouped(value.toFixed(0));

/** A rate, whole from 10 on: `12,089`, `3.4`, `0.05`. */
export const perSecond = (rate: number): string => {
  if (rate >= 9.95 || rate === 0) return count(rate);
  return rate.toFixed(rate >= 0.995 ? 1 : 2);
};

/**
 * A time in a fitting unit, with at most three digits: `870 µs`, `4.5 ms`, `177 ms`, `1.02 s`.
 *
 * @param us microseconds
 */
export const duration = (us: number): string => {
  if (us < 999.5) return `${count(us)} µs`;
  const ms = us / 1000;
  if (ms < 99.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${count(ms)} ms`;
  const s = ms / 1000;
  if (s < 9.995) return `${s.toFixed(2)} s`;
  return s < 99.95 ? `${s.toFixed(1)} s` : `${count(s)} s`;
};

/** Bytes with at most three digits: `640 B`, `9.8 MB`. Each unit is a thousand of the one before. */
export const bytes = (value: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  let at = 0;
  let left = value;
  while (left >= 999.5 && at < units.length - 1) {
    left /= 1000;
    at++;
  }
  return `${at === 0 || left >= 99.95 ? count(left) : left.toFixed(1)} ${units[at]!}`;
};

/** A ratio with three digits or two decimals: `33.8×`, `1.40×`; below a tenth, two digits: `0.043×`. */
export const ratio = (value: number): string => {
  if (!Number.isFinite(value)) return nothing;
  if (value >= 99.95 || value === 0) return `${count(value)}×`;
  if (value >= 9.995) return `${value.toFixed(1)}×`;
  return value >= 0.0995 ? `${value.toFixed(2)}×` : `${value.toFixed(1 - Math.floor(Math.log10(value)))}×`;
};

/** A part of a whole: `71 %`, `0.1 %`; never rounded to none or to all of it. If the whole is 0, there is no share. */
export const share = (part: number, whole: number): string => {
  if (whole <= 0) return nothing;
  const percent = (part / whole) * 100;
  if (part === 0 || part >= whole) return `${count(percent)} %`;
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9) return '> 99.9 %';
  return percent < 9.95 || percent >= 99.5 ? `${percent.toFixed(1)} %` : `${count(percent)} %`;
};

/** A number that need not be whole, with at most six decimals: `1,000.5`. */
export const exact = (value: number): string => {
  const [whole = '', decimals] = String(Number(value.toFixed(6))).split('.');
  return decimals === undefined ? grouped(whole) : `${grouped(whole)}.${decimals}`;
};

/** One number, or both bounds of it: `512`, `512 to 530`. */
export const bounds = (least: number, most: number): string =>
  least === most ? exact(least) : `${exact(least)} to ${exact(most)}`;

/** A number of things: `1 mode`, `2 modes`. */
export const many = (number: number, one: string): string => `${count(number)} ${one}${number === 1 ? '' : 's'}`;

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');
