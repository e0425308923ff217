import { micros, type Micros } from './units.ts';

const usPer: { readonly [unit: string]: number } = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** A timer cannot count further than 24.8 days; a load test of more than one is a mistake in the unit. */
export const longestUs = 24 * 3600e6;

/** A length of time above 0, as a regular expression without its ends. */
export const durationPattern = String.raw`\d+(\.\d+)?(us|ms|s|m|h)`;

/** `200us`, `1ms`, `1.5s`, `2m`, `1h` or a plain 0, in whole microseconds; `undefined` for anything else. */
export const parseDuration = (input: unknown): Micros | undefined => {
  if (input === 0 || input === '0') return micros(0);
  if (typeof input !== 'string') return undefined;
  const [, amount, unit] = /^(\d{1,15}(?:\.\d{1,9})?)(us|ms|s|m|h)$/.exec(input) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return micros(Math.round(Number(amount) * usPer[unit]!));
};

/** `1ms..20ms`, in whole microseconds; `undefined` for anything else. */
export const parseDurations = (input: unknown): readonly [least: Micros, most: Micros] | undefined => {
  if (typeof input !== 'string') return undefined;
  const [from, to, ...more] = input.split('..');
  const least = parseDuration(from);
  const most = parseDuration(to);
  return least === undefined || most === undefined || more.length > 0 ? undefined : [least, most];
};
