import { attemptsEach } from '../core/metric.ts';
import type { Comparison, ModeResult } from '../core/result.ts';

/**
 * The sentences people come for: which mode had the highest throughput of those that stayed right, at what ratio to the
 * control, and what the others lost. Ratios only: without intervals nobody can say which difference is real, so modes that
 * lie close together are named together.
 */
export const conclude = (modes: readonly ModeResult[], comparisons: readonly Comparison[], control: string): string => {
  const told = modes.filter((mode) => mode.iterations.completed > 0);
  if (told.length === 0) return 'No mode completed an iteration, so there is nothing to conclude.';
  const ratios = new Map(
    comparisons.filter(({ metric }) => metric === 'throughput').map(({ mode, ratio }) => [mode, ratio]),
  );
  const of = (mode: ModeResult): string => `${shown(mode, ratios.get(mode.name), control)}${dataOf(mode)}`;
  const best = cheapest(told, (mode) => (mode.name === control ? 1 : (ratios.get(mode.name) ?? 0)));
  const others = told.filter((mode) => !best.includes(mode)).map((mode) => `${mode.name} ${of(mode)}.`);
  const silent = modes.filter(({ iterations }) => iterations.completed === 0 && iterations.begun > 0);
  const none = silent.length === 0 ? [] : [`${namesOf(silent)} completed no iteration.`];
  return [opening(told, best, of), ...others, ...none].join(' ');
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
  const right = modes.filter(
    ({ consistency, lost, differentWorkload }) =>
      consistency?.verdict === 'no-violation-found' && lost?.atMost === 0 && !differentWorkload,
  );
  const sorted = right.toSorted((a, b) => ratio(b) - ratio(a));
  return sorted.filter((mode) => ratio(mode) >= levelShare * ratio(sorted[0]!));
};

const opening = (
  modes: readonly ModeResult[],
  best: readonly ModeResult[],
  of: (mode: ModeResult) => string,
): string => {
  const [first, ...level] = best;
  if (first !== undefined) {
    if (modes.length === 1) return `${contentionOf(first)}${first.name} stayed right: ${of(first)}.`;
    if (level.length === 0) {
      return `${contentionOf(first)}${first.name} is the cheapest mode that stayed right: ${of(first)}.`;
    }
    const each = best.map((mode) => `${mode.name} ${of(mode)}`).join('; ');
    return `${contentionOf(first)}${namesOf(best)} are level as the cheapest modes that stayed right: ${each}.`;
  }
  if (modes.every((mode) => mode.consistency === null)) {
    return 'Whether the data stayed right is not known: the scenario has no "consistency:" section.';
  }
  if (modes.every((mode) => mode.consistency?.verdict === 'not-exercised')) {
    return 'Nothing was lost, and nothing was put to the test.';
  }
  return 'No mode is known to have stayed right.';
};

/** Under how much contention: what is cheap with few users on many keys may not be with many on one. */
const contentionOf = ({ users, consistency }: ModeResult): string => {
  const keys = consistency?.coverage.keys ?? 0;
  return `With ${grouped(users)} ${users === 1 ? 'user' : 'users'} on ${grouped(keys)} ${keys === 1 ? 'key' : 'keys'}, `;
};

const shown = (mode: ModeResult, ratio: number | undefined, control: string): string => {
  const pace = `${grouped(Math.round(mode.throughputPerSecond))} iterations/s`;
  const compared = ratio === undefined ? pace : `${ratioText(ratio)} × the throughput of ${control}`;
  return mode.conflicts > 0 ? `${compared}, ${attemptsEach(mode).toFixed(1)} attempts each` : compared;
};

const dataOf = ({ lost, consistency, violations }: ModeResult): string => {
  if (lost === null || consistency === null) return '';
  if (consistency.verdict === 'not-exercised') return ', no update was acknowledged';
  const allowed = violations === 'allowed' ? ' (allowed)' : '';
  if (lost.atLeast === 0) {
    if (consistency.verdict === 'violated') return `, and more changed than was acknowledged${allowed}`;
    if (consistency.verdict === 'unknown') return ', and a value could not be read';
    return lost.atMost === 0 ? ', no update lost' : `, at most ${updates(lost.atMost)} lost: nobody knows`;
  }
  return `, and lost ${shareText(lost.atLeast / lost.acknowledged)} of the updates${allowed}`;
};

const updates = (number: number): string => `${grouped(number)} ${number === 1 ? 'update' : 'updates'}`;

const namesOf = (modes: readonly ModeResult[]): string => {
  const names = modes.map(({ name }) => name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
};

const grouped = (value: number): string => value.toLocaleString('en-US');

const ratioText = (ratio: number): string =>
  ratio < 10 ? ratio.toFixed(2) : ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0);

const shareText = (share: number): string => (share < 0.001 ? 'under 0.1 %' : `${(share * 100).toPrecision(2)} %`);
