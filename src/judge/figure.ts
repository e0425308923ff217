import type { Metric } from '../core/metric.ts';

/**
 * A value with its unit, to six digits: `233.4 ms`, `1,999.5/s`, `0.1 %`, `3`.
 *
 * More exact than a report's columns, so that a value just above a limit does not read like the limit.
 */
export const figure = (value: number, unit: Metric['unit'] | 'ratio'): string => figures[unit](value);

/** A count with its noun: `1 round`, `2,142 iterations`, `40 passes`. */
export const many = (number: number, one: string): string =>
  `${digits(number)} ${one}${number === 1 ? '' : one.endsWith('s') ? 'es' : 's'}`;

const digits = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en-US')
    : Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 9 });

const figures: { readonly [unit in Metric['unit'] | 'ratio']: (value: number) => string } = {
  'ratio': (ratio) => `${Number(ratio.toPrecision(4))} ×`,
  'µs': (us) => {
    if (us < 1000) return `${digits(us)} µs`;
    return us < 1e6 ? `${digits(us / 1000)} ms` : `${digits(us / 1e6)} s`;
  },
  '/s': (rate) => `${digits(rate)}/s`,
  'share': (share) => `${digits(share * 100)} %`,
  'count': digits,
  'B': (bytes) => (bytes < 1e6 ? `${digits(bytes / 1000)} kB` : `${digits(bytes / 1e6)} MB`),
};
