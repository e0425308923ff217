import type { ModeResult, Result } from '../../core/result/result.ts';
import { plain, widthOf } from '../plain.ts';
import { span, type Tone } from './layout/line.ts';
import type { Column } from './layout/table.ts';

/** The modes' names as the report prints them, safe and short, followed by `*` if the mode has a different workload. */
export const names = (result: Result, width: number): string[] =>
  result.modes.map((mode) => nameOf(mode.name, width) + (mode.differentWorkload ? '*' : ''));

/** A mode's name, safe and short. */
export const nameOf = (name: string, width: number): string => plain(name, Math.min(24, Math.floor(width / 4)));

/**
 * A first column for rows that are parts of modes: the mode's name in its first row, and the part's name.
 *
 * @param names the names of the rows' parts, which need not be safe
 */
export const withinModes = (
  heading: string,
  rows: readonly { readonly mode: ModeResult; readonly isFirst: boolean }[],
  names: readonly string[],
  width: number,
): Column => {
  const modes = rows.map(({ mode, isFirst }) => (isFirst ? nameOf(mode.name, width) : ''));
  const ofMode = Math.max(widthOf('mode'), ...modes.map(widthOf)) + 2;
  const padded = (text: string): string => text + ' '.repeat(ofMode - widthOf(text));
  const longestName = Math.max(10, Math.floor(width / 4));
  return {
    heading: `${padded('mode')}${heading}`,
    align: 'left',
    cells: names.map((name, at) => span(padded(modes[at]!) + plain(name, longestName))),
  };
};

/** The tone of lost updates: not an error if the mode is allowed to lose some. */
export const toneOfLoss = (mode: ModeResult): Tone => (mode.violations === 'forbidden' ? 'bad' : 'doubt');
