import { areOversold, brokenRule } from '../core/result/finding.ts';
import { attemptsEach } from '../core/metric.ts';
import type { Comparison, ModeResult } from '../core/result/result.ts';

/** What became of a mode's data, to follow a number: `, no update lost`; empty where nobody asked. */
export const dataOf = ({ lost, consistency, violations }: ModeResult): string => {
  if (consistency === null) return '';
  if (consistency.verdict === 'not-exercised') return ', not put to the test';
  const allowed = violations === 'allowed' ? ' (allowed)' : '';
  if (lost !== null && lost.atLeast > 0 && !areOversold(consistency.findings))
    return `, and lost ${shareText(lost.atLeast / lost.acknowledged)} of the updates${allowed}`;
  if (consistency.verdict === 'violated')
    return `, and its data was wrong: ${brokenRule(consistency.findings)}${allowed}`;
  if (consistency.verdict === 'unknown') return ', and whether its data is right is not known';
  if (lost === null) return ', no violation';
  return lost.atMost === 0 ? ', no update lost' : `, at most ${updates(lost.atMost)} lost: nobody knows`;
};

/** Whether a mode surely lost nothing, and is comparable with the others. */
export const stayedRight = ({ consistency, lost, differentWorkload }: ModeResult): boolean =>
  (consistency?.verdict === 'consistent' || consistency?.verdict === 'no-violation-found') &&
  (lost === null || lost.atMost === 0) &&
  !differentWorkload;

/** What is said first where no mode is known to have stayed right. */
export const noneRight = (modes: readonly ModeResult[]): string => {
  if (modes.every((mode) => mode.consistency === null)) {
    return 'Whether the data stayed right is not known: the scenario has no "consistency:" section.';
  }
  if (modes.every((mode) => mode.consistency?.verdict === 'not-exercised')) {
    return 'Nothing was lost, and nothing was put to the test.';
  }
  return 'No mode is known to have stayed right.';
};

/** `, 4.6 attempts each`; empty where there were no conflicts. */
export const attemptsOf = (mode: ModeResult): string =>
  mode.conflicts > 0 ? `, ${attemptsEach(mode).toFixed(1)} attempts each` : '';

/** `a, b and c` */
export const namesOf = (modes: readonly ModeResult[]): string => {
  const names = modes.map(({ name }) => name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
};

/** `20 keys` */
export const counted = (number: number, one: string): string => `${grouped(number)} ${one}${number === 1 ? '' : 's'}`;

/** A whole number with its thousands apart. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** A rate, whole from 10 on. */
export const rateText = (perSecond: number): string =>
  perSecond >= 9.95 ? grouped(Math.round(perSecond)) : Number(perSecond.toFixed(2)).toString();

/** A ratio with three digits, or two decimals. */
const ratioText = (ratio: number): string =>
  ratio < 10 ? ratio.toFixed(2) : ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0);

/** A ratio to the control with its interval, where there is one: `1.85 × (1.79 to 1.92)`. */
export const besideText = ({ ratio, low, high }: Comparison): string =>
  `${ratioText(ratio)} ×${low === null || high === null ? '' : ` (${ratioText(low)} to ${ratioText(high)})`}`;

/** A time with at most three digits, in the unit that suits it. */
export const timeText = (us: number): string => {
  if (us < 999.5) return `${us.toFixed(0)} µs`;
  const [value, unit] = us < 999_500 ? [us / 1e3, 'ms'] : [us / 1e6, 's'];
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
};

/** A share in percent, two digits. */
export const shareText = (share: number): string =>
  share < 0.001 ? 'under 0.1 %' : `${(share * 100).toPrecision(2)} %`;

const updates = (number: number): string => counted(number, 'update');
