import { ContendError } from '../../core/errors.ts';
import type { Find } from '../../core/sweep/plan.ts';
import type { RunFlags } from './run.ts';

/** The flags of `sweep`, as commander gives them. */
export interface SweepFlags extends RunFlags {
  readonly over?: string;
  readonly find?: Find;
  readonly width?: string;
}

/** Flags of `run` that a sweep cannot use, by commander's name, and why. */
const refused: { readonly [flag: string]: readonly [flag: string, why: string] } = {
  extend: ['--extend', 'a sweep already measures again where that narrows a crossing'],
  baseline: ['--baseline', 'only a run is compared with an earlier result'],
  history: ['--history', 'only a run keeps a history'],
  samples: ['--samples', 'only a run keeps samples'],
  live: ['--live', 'only a run has a live view'],
  agents: ['--agents', 'agents only measure runs'],
  redis: ['--redis', 'agents only measure runs'],
  waitAgents: ['--wait-agents', 'agents only measure runs'],
  otlp: ['--otlp', 'only a run pushes metrics'],
  otlpHeader: ['--otlp-header', 'only a run pushes metrics'],
  prometheus: ['--prometheus', 'only a run writes metrics'],
};

/** These flags, so that each can be refused by name. */
export const refusedFlags: readonly string[] = Object.values(refused).map(([flag]) => flag);

/** The widest that the bounds of a capacity may be apart, as a share. */
const widest = 1;
const usualWidth = 0.05;

/** What the flags ask of a sweep, in addition to its scenario. */
export interface SweepAsked {
  /** `--over`, or the range of `--rate` or `--users`; `undefined` to use `sweep:` of the file. */
  readonly over: string | undefined;
  readonly find: Find | undefined;
  readonly width: number;
  /** The other flags, which set something in the scenario, without the range. */
  readonly settings: SweepFlags;
}

/**
 * What the flags ask of a sweep, in addition to its scenario: `-R 50/s..5000/s` is `--over rate=50/s..5000/s --find capacity`,
 * and `-c 1..64` the same over users.
 *
 * @throws {ContendError} ERR_USAGE for a flag that a sweep does not take, two axes, or an invalid width
 */
export const sweepAskedOf = (flags: SweepFlags): SweepAsked => {
  const given: { readonly [flag: string]: unknown } = { ...flags };
  for (const [name, [flag, why]] of Object.entries(refused)) {
    if (given[name] !== undefined)
      throw new ContendError(
        'ERR_USAGE',
        `contend sweep takes no ${flag}: ${why}.`,
        `Leave it out, or use contend run.`,
      );
  }
  const [range, second] = rangesIn(flags);
  const other = flags.over === undefined ? second?.flag : '--over';
  if (range !== undefined && other !== undefined)
    throw new ContendError('ERR_USAGE', `${range.flag} and ${other} are two axes.`, 'Leave one of them out.');
  const over = range === undefined ? flags.over : `${range.axis}=${range.text}`;
  const find = flags.find ?? (range === undefined ? undefined : 'capacity');
  const settings = range === undefined ? flags : { ...flags, [range.name]: undefined };
  return { over, find, width: widthOf(flags.width, find), settings };
};

/** Load flags that are given a range, which is then searched. */
const rangesIn = (flags: SweepFlags) =>
  (
    [
      { name: 'rate', flag: '--rate', axis: 'rate' },
      { name: 'rps', flag: '--rps', axis: 'rate' },
      { name: 'users', flag: '--users', axis: 'users' },
    ] as const
  ).flatMap((one) => {
    const text = flags[one.name];
    return typeof text === 'string' && text.includes('..') ? [{ ...one, text }] : [];
  });

const widthOf = (width: string | undefined, find: Find | undefined): number => {
  if (width === undefined) return usualWidth;
  if (find !== 'capacity')
    throw new ContendError('ERR_USAGE', '--width says how closely to find a capacity.', 'Use it with --find capacity.');
  const [, digits = ''] = /^(\d{1,3}(?:\.\d{1,3})?)\s*%$/u.exec(width.trim()) ?? [];
  const share = Number(digits) / 100;
  if (digits === '' || share < 0.005 || share > widest)
    throw new ContendError('ERR_USAGE', `--width ${width} is out of range: 0.5 % to 100 %.`, 'Such as --width 5%.');
  return share;
};
