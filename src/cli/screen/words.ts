import type { Watch } from '../../core/watch.ts';
import { count, perSecond } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import type { Pace } from './pace.ts';

/** There is nothing to tell it from. */
export const isOneSlot = ({ slotsTotal }: Watch): boolean => slotsTotal === 1;

/** The mode that runs, safe to print. */
export const modeOf = ({ mode }: Watch): string => plain(mode, 24);

/** What the run does, or how fast: `warming up`, `1,234/s`. */
export const doingOf = ({ phase }: Watch, pace: Pace): string => {
  if (phase !== 'measuring') return phase;
  return pace.perSecond === undefined ? '' : `${perSecond(pace.perSecond)}/s`;
};

/** How long it still takes: `14 s left`; nothing where nobody knows. */
export const leftOf = ({ leftUs }: Pick<Pace, 'leftUs'>): string => {
  if (leftUs === undefined) return '';
  const seconds = Math.ceil(leftUs / 1e6);
  return seconds < 100 ? `${seconds} s left` : `${count(Math.round(seconds / 60))} min left`;
};
