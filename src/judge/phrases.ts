import type { Comparison, ModeResult } from '../core/result/result.ts';

/** Whether a mode surely lost nothing, and is comparable with the others. */
export const keptRight = ({ consistency, lost, differentWorkload }: ModeResult): boolean =>
  (consistency?.verdict === 'consistent' || consistency?.verdict === 'no-violation-found') &&
  (lost === null || lost.atMost === 0) &&
  !differentWorkload;

/**
 * Why no mode is known to have kept the data right; empty if that was not asked for, or if the reasons of the verdict say the same for a
 * single mode, or for all that must keep it right.
 */
export const whyNotRight = (modes: readonly ModeResult[]): string => {
  const asked = modes.filter(({ consistency }) => consistency !== null);
  if (asked.length === 0) return '';
  const all = (verdict: string): boolean => asked.every(({ consistency }) => consistency?.verdict === verdict);
  const isReason = all('unknown') || all('not-exercised') || (all('violated') && modes.length === 1);
  if (isReason && asked.every(({ violations }) => violations === 'forbidden')) return '';
  if (all('not-exercised')) return 'The data was not put to the test.';
  if (all('violated')) return modes.length === 1 ? 'The data was not right.' : 'No mode kept the data right.';
  if (all('unknown')) return 'Whether the data stayed right is not known.';
  return 'No mode is known to have kept the data right.';
};

/** `is the only mode that`, as far as that is known of the others and they are comparable with it. */
export const onlyOf = (modes: readonly ModeResult[]): string => {
  const others = modes.filter((mode) => !keptRight(mode));
  if (others.some(({ differentWorkload }) => differentWorkload)) return 'is the only mode of this workload that';
  return others.every(({ consistency }) => consistency?.verdict === 'violated')
    ? 'is the only mode that'
    : 'is the only mode that is known to have';
};

/** What a mode costs compared with the control, to follow its name; `undefined` if there is nothing to compare it with. */
export type Cost = (mode: ModeResult) => string | undefined;

/**
 * What modes cost compared with the control: `6.90 × the throughput of locked (95 % interval 6.69 to 7.28)` or, if the interval does not
 * say, `between 55 % less and 19 % more throughput than locked, too wide an interval to say which`.
 *
 * @param metric `throughput`, or a percentile of the response time
 */
export const costs = (comparisons: readonly Comparison[], metric: Comparison['metric'], control: string): Cost => {
  const besides = new Map(comparisons.filter((one) => one.metric === metric).map((one) => [one.mode, one]));
  const what = metric === 'throughput' ? 'throughput' : metric;
  return ({ name }) => {
    const beside = besides.get(name);
    if (beside === undefined) return undefined;
    const { low, high, level, verdict, ratio } = beside;
    if (low === null || high === null) return `${ratioText(ratio)} × the ${what} of ${control}`;
    const interval = `(${levelText(level)} interval ${ratioText(low)} to ${ratioText(high)})`;
    if (verdict === 'no difference shown') return `as much ${what} as ${control} ${interval}`;
    return verdict === 'inconclusive'
      ? `${between(low, high, what)} ${control}, too wide an interval to say which`
      : `${ratioText(ratio)} × the ${what} of ${control} ${interval}`;
  };
};

/** `95 %`, or at each of two looks `97.06 %` */
export const levelText = (level: number): string => `${Number((level * 100).toFixed(2))} %`;

const between = (low: number, high: number, what: string): string =>
  `between ${percentOff(low)} and ${percentOff(high)} ${what} than`;

const percentOff = (ratio: number): string => {
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  return percent === 0 ? 'as much' : `${percent} % ${ratio < 1 ? 'less' : 'more'}`;
};

/** `: ` and a cost or, without one, the mode's own throughput. */
export const orPace = (cost: string | undefined, mode: ModeResult): string => `: ${cost ?? paceOf(mode)}`;

/** `8,204 iterations/s` */
export const paceOf = ({ throughputPerSecond }: ModeResult): string => `${rateText(throughputPerSecond)} iterations/s`;

/** `a, b and c` */
export const namesOf = (modes: readonly ModeResult[]): string => listOf(modes.map(({ name }) => name));

/** `a, b and c`, for any words. */
export const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** `20 keys` */
export const counted = (number: number, one: string): string => `${grouped(number)} ${one}${number === 1 ? '' : 's'}`;

/** A whole number with thousands separators. */
const grouped = (value: number): string => value.toLocaleString('en-US');

/** A rate, whole from 10 on. */
export const rateText = (perSecond: number): string =>
  perSecond >= 9.95 ? grouped(Math.round(perSecond)) : Number(perSecond.toFixed(2)).toString();

/** A ratio with three digits, or two decimals; below a tenth with two digits. */
export const ratioText = (ratio: number): string =>
  ratio < 0.0995
    ? ratio.toPrecision(2)
    : ratio < 10
      ? ratio.toFixed(2)
      : ratio < 100
        ? ratio.toFixed(1)
        : ratio.toFixed(0);

/** A time with at most three digits, in the unit that suits it. */
export const timeText = (us: number): string => {
  if (us < 999.5) return `${us.toFixed(0)} µs`;
  const [value, unit] = us < 999_500 ? [us / 1e3, 'ms'] : [us / 1e6, 's'];
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
};

/** A share in percent, two digits; only a whole is 100 %. */
export const shareText = (share: number): string => {
  if (share < 0.001) return 'under 0.1 %';
  if (share >= 0.995) return share < 1 ? 'over 99 %' : '100 %';
  return `${(share * 100).toPrecision(2)} %`;
};

/** A sentence without its full stop, so that it can go on. */
export const withoutStop = (sentence: string): string => sentence.replace(/\.$/u, '');
