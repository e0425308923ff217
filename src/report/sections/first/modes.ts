import { isOpen, keptUp } from '../../../core/result/open-load.ts';
import type { Comparison, ModeResult, Result } from '../../../core/result/result.ts';
import { differInMachines, machinesOf } from './agents.ts';
import { comparedBy, droppedShare } from '../cells.ts';
import type { TextColumn } from '../columns.ts';
import { dataWordOf } from '../data.ts';
import { percentile } from '../percentile.ts';
import { count, nothing, perSecond } from '../../format.ts';
import { cut, plain } from '../../plain.ts';

/** A column of the table that people read first. */
export interface FirstColumn extends TextColumn<ModeResult> {
  readonly of: 'data' | 'rate' | 'kept up' | 'versus' | 'p50' | 'p99' | 'failed' | 'measured on';
  /** Whether the cell is a reason for doubt. */
  readonly isDoubtful: (mode: ModeResult) => boolean;
}

/**
 * The most important columns about every mode: data, rate, whether it kept up, ratio to the control with its interval, p50, p99
 * and failures; also the machines, if they differ.
 *
 * @param between what separates the ends of an interval: a hyphen on a terminal, where every column counts
 */
export const firstColumns = (result: Result, between: '-' | ' to ' = '-'): readonly FirstColumn[] => {
  const { modes } = result;
  const compared = comparedBy(result);
  const right = (
    of: 'rate' | 'p50' | 'p99' | 'failed',
    heading: string,
    cell: FirstColumn['cell'],
    isDoubtful: FirstColumn['isDoubtful'] = never,
  ): FirstColumn => ({ of, heading, align: 'right', cell, isDoubtful });
  const left = (
    of: 'data' | 'kept up' | 'versus' | 'measured on',
    heading: string,
    cell: FirstColumn['cell'],
    isDoubtful: FirstColumn['isDoubtful'] = never,
  ): FirstColumn => ({ of, heading, align: 'left', cell, isDoubtful });
  return [
    ...(modes.some(({ consistency }) => consistency !== null)
      ? [
          left(
            'data',
            'data',
            (mode) => dataWordOf(mode)?.text ?? nothing,
            (mode) => dataWordOf(mode)?.is === 'open',
          ),
        ]
      : []),
    right(
      'rate',
      'iter/s',
      ({ throughputPerSecond }) => perSecond(throughputPerSecond),
      (mode) => !keptUp(mode),
    ),
    ...(modes.some(isOpen) ? [left('kept up', 'kept up', keptUpText, (mode) => isOpen(mode) && !keptUp(mode))] : []),
    ...(compared === undefined
      ? []
      : [
          left('versus', `${compared === 'p99' ? 'p99 ' : ''}vs ${shortControl(result)}`, (mode) =>
            versus(result, mode, compared, between),
          ),
        ]),
    right('p50', 'p50', (mode) => percentile(mode, 'p50')),
    right('p99', 'p99', (mode) => percentile(mode, 'p99')),
    right(
      'failed',
      'failed',
      ({ iterations }) => count(iterations.failed),
      ({ iterations }) => iterations.failed > 0,
    ),
    ...(differInMachines(result) ? [left('measured on', 'measured on', (mode) => machinesOf(mode, result))] : []),
  ];
};

const never: FirstColumn['isDoubtful'] = () => false;

const shortControl = ({ scenario }: Result): string => cut(plain(scenario.control, 24), 12);

/** Whether a mode's data was wrong and is allowed to be. */
export const isAllowedWrong = (mode: ModeResult): boolean => {
  const data = dataWordOf(mode);
  return data?.is === 'wrong' && data.isAllowed;
};

/** Whether a mode is named as the one to choose, or as level with others. */
export const isNamed = ({ cheapest }: Result, { name }: ModeResult): boolean =>
  (cheapest?.is === 'one' || cheapest?.is === 'level') && cheapest.modes.includes(name);

const keptUpText = (mode: ModeResult): string => {
  if (!isOpen(mode)) return nothing;
  if (keptUp(mode)) return 'yes';
  const share = droppedShare(mode);
  return share === '' ? 'no' : `no, ${share} dropped`;
};

const versus = (result: Result, { name }: ModeResult, metric: 'throughput' | 'p99', between: string): string => {
  if (name === result.scenario.control) return 'control';
  const found = result.comparisons.find((one) => one.mode === name && one.metric === metric);
  return found === undefined ? nothing : ratioWithInterval(found, between);
};

/** `6.90 (6.69-7.28)` */
const ratioWithInterval = ({ ratio, low, high }: Comparison, between: string): string =>
  plain(`${digits(ratio)}${low === null || high === null ? '' : ` (${digits(low)}${between}${digits(high)})`}`, 40);

const digits = (value: number): string =>
  value >= 99.95
    ? count(value)
    : value >= 9.995
      ? value.toFixed(1)
      : value >= 0.0995
        ? value.toFixed(2)
        : value.toPrecision(2);
