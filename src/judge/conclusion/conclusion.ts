import { isOfferedAlike } from '../../core/result/open-load.ts';
import type { Comparison, ModeResult } from '../../core/result/result.ts';
import { bestOf, type Best } from '../compare/apart.ts';
import { concludeOpen } from './open.ts';
import * as say from '../phrases.ts';

/**
 * The sentences people come for: which mode was the cheapest of those that stayed right, at what ratio to the control, and
 * what the others lost; or why none can be named. The cheapest has the highest throughput; where all were offered the same
 * rate, the lowest times.
 */
export const conclude = (modes: readonly ModeResult[], comparisons: readonly Comparison[], control: string): string => {
  const told = modes.filter((mode) => mode.iterations.completed > 0);
  if (told.length === 0) {
    // What completes inside the window counts for the throughput whenever it was due.
    return modes.some(({ throughputPerSecond }) => throughputPerSecond > 0)
      ? 'What the warm-up had left filled the measured part: no mode completed an iteration that was due in it, so there is nothing to conclude.'
      : 'No mode completed an iteration, so there is nothing to conclude.';
  }
  const silent = modes.filter(({ iterations }) => iterations.completed === 0 && iterations.begun > 0);
  const none = silent.length === 0 ? [] : [`${say.namesOf(silent)} completed no iteration.`];
  const sentences = (isOfferedAlike(told) ? concludeOpen : concludeClosed)(told, comparisons, control);
  return [sentences, ...none].join(' ');
};

const concludeClosed = (modes: readonly ModeResult[], comparisons: readonly Comparison[], control: string): string => {
  const besides = new Map(
    comparisons.filter(({ metric }) => metric === 'throughput').map((comparison) => [comparison.mode, comparison]),
  );
  const of = (mode: ModeResult): string => `${shown(mode, besides.get(mode.name), control)}${say.dataOf(mode)}`;
  const best = bestOf(modes.filter(say.stayedRight), comparisons, 'throughput');
  const named: readonly ModeResult[] = best.is === 'none' ? [] : best.modes;
  const others = modes.filter((mode) => !named.includes(mode)).map((mode) => `${mode.name} ${of(mode)}.`);
  return [opening(modes, best, of), ...others].join(' ');
};

const opening = (modes: readonly ModeResult[], best: Best, of: (mode: ModeResult) => string): string => {
  if (best.is === 'none') return say.noneRight(modes);
  const [first] = best.modes;
  const where = contentionOf(first);
  if (modes.length === 1) return `${where}${first.name} stayed right: ${of(first)}.`;
  const each = best.modes.map((mode) => `${mode.name} ${of(mode)}`).join('; ');
  if (best.is === 'one') return `${where}${first.name} is the cheapest mode that stayed right: ${of(first)}.`;
  return best.is === 'open'
    ? `${where}no mode can be named the cheapest of those that stayed right: ${best.because}. ${each}.`
    : `${where}${say.namesOf(best.modes)} are level as the cheapest modes that stayed right: ${each}.`;
};

/** Under how much contention: what is cheap with few users on many keys may not be with many on one. */
const contentionOf = ({ users, consistency }: ModeResult): string =>
  `With ${say.counted(users, 'user')} on ${say.counted(consistency?.coverage.keys ?? 0, 'key')}, `;

const shown = (mode: ModeResult, beside: Comparison | undefined, control: string): string => {
  const pace = `${say.grouped(Math.round(mode.throughputPerSecond))} iterations/s`;
  return `${beside === undefined ? pace : `${say.besideText(beside)} the throughput of ${control}`}${say.attemptsOf(mode)}`;
};
