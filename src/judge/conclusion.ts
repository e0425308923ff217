import { isOfferedAlike } from '../core/open-load.ts';
import type { Comparison, ModeResult } from '../core/result.ts';
import { concludeOpen } from './conclusion-open.ts';
import * as say from './phrases.ts';

/**
 * The sentences people come for: which mode was the cheapest of those that stayed right, at what ratio to the control, and
 * what the others lost. The cheapest has the highest throughput; where all were offered the same rate, the lowest times.
 *
 * Ratios only: without intervals nobody can say which difference is real, so modes that lie close together are named
 * together.
 */
export const conclude = (modes: readonly ModeResult[], comparisons: readonly Comparison[], control: string): string => {
  const told = modes.filter((mode) => mode.iterations.completed > 0);
  if (told.length === 0) return 'No mode completed an iteration, so there is nothing to conclude.';
  const silent = modes.filter(({ iterations }) => iterations.completed === 0 && iterations.begun > 0);
  const none = silent.length === 0 ? [] : [`${say.namesOf(silent)} completed no iteration.`];
  const sentences = (isOfferedAlike(told) ? concludeOpen : concludeClosed)(told, comparisons, control);
  return [sentences, ...none].join(' ');
};

const concludeClosed = (modes: readonly ModeResult[], comparisons: readonly Comparison[], control: string): string => {
  const ratios = new Map(
    comparisons.filter(({ metric }) => metric === 'throughput').map(({ mode, ratio }) => [mode, ratio]),
  );
  const of = (mode: ModeResult): string => `${shown(mode, ratios.get(mode.name), control)}${say.dataOf(mode)}`;
  const best = cheapest(modes, (mode) => (mode.name === control ? 1 : (ratios.get(mode.name) ?? 0)));
  const others = modes.filter((mode) => !best.includes(mode)).map((mode) => `${mode.name} ${of(mode)}.`);
  return [opening(modes, best, of), ...others].join(' ');
};

/** Closer than this to the best, a mode is not told apart from it. */
const levelShare = 0.95;

/**
 * The modes with the highest throughput among those that surely lost nothing, the best first; more than one where they lie
 * close together. None where no data was judged.
 *
 * @param ratio of a mode's throughput to the control's
 */
const cheapest = (modes: readonly ModeResult[], ratio: (mode: ModeResult) => number): readonly ModeResult[] => {
  const sorted = modes.filter(say.stayedRight).toSorted((a, b) => ratio(b) - ratio(a));
  return sorted.filter((mode) => ratio(mode) >= levelShare * ratio(sorted[0]!));
};

const opening = (
  modes: readonly ModeResult[],
  best: readonly ModeResult[],
  of: (mode: ModeResult) => string,
): string => {
  const [first, ...level] = best;
  if (first === undefined) return say.noneRight(modes);
  if (modes.length === 1) return `${contentionOf(first)}${first.name} stayed right: ${of(first)}.`;
  if (level.length === 0) {
    return `${contentionOf(first)}${first.name} is the cheapest mode that stayed right: ${of(first)}.`;
  }
  const each = best.map((mode) => `${mode.name} ${of(mode)}`).join('; ');
  return `${contentionOf(first)}${say.namesOf(best)} are level as the cheapest modes that stayed right: ${each}.`;
};

/** Under how much contention: what is cheap with few users on many keys may not be with many on one. */
const contentionOf = ({ users, consistency }: ModeResult): string =>
  `With ${say.counted(users, 'user')} on ${say.counted(consistency?.coverage.keys ?? 0, 'key')}, `;

const shown = (mode: ModeResult, ratio: number | undefined, control: string): string => {
  const pace = `${say.grouped(Math.round(mode.throughputPerSecond))} iterations/s`;
  return `${ratio === undefined ? pace : `${say.ratioText(ratio)} × the throughput of ${control}`}${say.attemptsOf(mode)}`;
};
