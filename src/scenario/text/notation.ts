/** `1..20`, both ends included; `undefined` for anything but two whole numbers. */
export const parseRange = (input: unknown): { readonly from: number; readonly to: number } | undefined => {
  if (typeof input !== 'string') return undefined;
  const [, from, to] = /^(-?\d{1,16})\.\.(-?\d{1,16})$/.exec(input) ?? [];
  if (from === undefined || to === undefined) return undefined;
  // `+ 0` turns -0, which JSON does not have, into 0.
  const range = { from: Number(from) + 0, to: Number(to) + 0 };
  return Number.isSafeInteger(range.from) && Number.isSafeInteger(range.to) ? range : undefined;
};

const perSecondOf: { readonly [unit: string]: number } = { s: 1, min: 1 / 60, h: 1 / 3600 };

/** More than one process can send; a higher rate is a mistake in the unit. */
export const highestRate = 1_000_000;

/** `2000/s`, `120000/min`, `30/h` or a plain number, which is per second. `undefined` for anything else. */
export const parseRate = (input: unknown): number | undefined => {
  if (typeof input === 'number') return Number.isFinite(input) && input >= 0 ? input : undefined;
  if (typeof input !== 'string') return undefined;
  const [, amount, unit = 's'] = /^(\d{1,15}(?:\.\d{1,9})?)(?:\/(s|min|h))?$/.exec(input) ?? [];
  return amount === undefined ? undefined : Number(amount) * perSecondOf[unit]!;
};

/**
 * A rate, or a ramp from one to another, per second: `500/s`, `500/s..5000/s`, or `500..5000/s` with one unit for both. `undefined`
 * for anything else.
 */
export const parseRates = (input: unknown): readonly [from: number, to: number] | undefined => {
  const [first = '', last, ...more] = typeof input === 'string' ? input.split('..') : [];
  if (last === undefined) return pairOf(parseRate(input), parseRate(input));
  const [unitOfFirst, unit] = [first, last].map((end) => /\/.*$/.exec(end)?.[0]);
  // `500/min..5000` is ambiguous.
  if (more.length > 0 || (unitOfFirst !== undefined && unit === undefined && last !== '0')) return undefined;
  return pairOf(parseRate(unitOfFirst === undefined ? `${first}${unit ?? ''}` : first), parseRate(last));
};

/** `1..64`, or just one number; whole and not below 0. `undefined` for anything else. */
export const parseUsers = (input: unknown): readonly [from: number, to: number] | undefined => {
  const range = parseRange(typeof input === 'number' ? `${input}..${input}` : input);
  return range === undefined || range.from < 0 || range.to < 0 ? undefined : [range.from, range.to];
};

const pairOf = (from: number | undefined, to: number | undefined): readonly [number, number] | undefined =>
  from === undefined || to === undefined ? undefined : [from, to];

/**
 * Two moments in UTC, `2026-01-01..2026-12-31` or with a time of day, `2026-01-01T08:00:00Z..2026-01-01T18:00:00Z`, in ms since
 * 1970. A day alone stands for its start or, after the dots, its end. `undefined` for anything else.
 */
export const parseMoments = (input: unknown): readonly [fromMs: number, toMs: number] | undefined => {
  const [first = '', last = '', ...more] = typeof input === 'string' ? input.split('..') : [];
  const [from, to] = [parseMoment(first, '00:00:00.000'), parseMoment(last, '23:59:59.999')];
  return more.length > 0 || from === undefined || to === undefined ? undefined : [from, to];
};

const parseMoment = (text: string, time: string): number | undefined => {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text)) return undefined;
  const ms = Date.parse(isDay ? `${text}T${time}Z` : text);
  // Otherwise February 31 would become March 3.
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text.slice(0, 10)) ? undefined : ms;
};
