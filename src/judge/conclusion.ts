import type { Comparison, ModeResult } from '../core/result.ts';

/**
 * The sentences people come for: which mode had the highest throughput of those that stayed right, at what ratio to the
 * control, and what the others lost. Ratios only: without intervals nobody can say which difference is real.
 */
export const conclude = (modes: readonly ModeResult[], comparisons: readonly Comparison[], control: string): string => {
  const told = modes.filter((mode) => mode.iterations.completed > 0);
  if (told.length === 0) return 'No mode completed an iteration, so there is nothing to conclude.';
  const ratios = new Map(
    comparisons.filter(({ metric }) => metric === 'throughput').map(({ mode, ratio }) => [mode, ratio]),
  );
  const of = (mode: ModeResult): string => shown(mode, ratios.get(mode.name), control);
  const best = cheapest(told);
  const sentences = [
    opening(modes, best, of),
    ...told.filter((mode) => mode !== best).map((mode) => `${of(mode)}${dataOf(mode)}.`),
  ];
  const silent = modes.filter((mode) => mode.iterations.completed === 0).map((mode) => mode.name);
  if (silent.length > 0) sentences.push(`${silent.join(', ')} completed no iteration.`);
  return sentences.join(' ');
};

/** The mode with the highest throughput among those with no violation; only where the data was judged and modes can be compared. */
const cheapest = (modes: readonly ModeResult[]): ModeResult | undefined => {
  const right = modes.filter(
    ({ consistency, differentWorkload }) => consistency?.verdict === 'no-violation-found' && !differentWorkload,
  );
  return right.toSorted((a, b) => b.throughputPerSecond - a.throughputPerSecond)[0];
};

const opening = (
  modes: readonly ModeResult[],
  best: ModeResult | undefined,
  of: (mode: ModeResult) => string,
): string => {
  if (best !== undefined) {
    const what = modes.length === 1 ? 'stayed right' : 'is the cheapest mode that stayed right';
    return `${contentionOf(best)}${best.name} ${what}: ${of(best).slice(best.name.length + 1)}${dataOf(best)}.`;
  }
  if (modes.every((mode) => mode.consistency === null)) {
    return 'Whether the data stayed right is not known: the scenario has no "consistency:" section.';
  }
  if (modes.some((mode) => mode.consistency?.verdict === 'violated')) return 'No mode is known to have stayed right.';
  return 'Nothing was lost, and nothing was put to the test.';
};

/** Under how much contention: what is cheap with few users on many keys may not be with many on one. */
const contentionOf = ({ users, consistency }: ModeResult): string => {
  const keys = consistency?.coverage.keys ?? 0;
  return `With ${users} ${users === 1 ? 'user' : 'users'} on ${keys} ${keys === 1 ? 'key' : 'keys'}, `;
};

const shown = (mode: ModeResult, ratio: number | undefined, control: string): string => {
  const pace = `${perSecond(mode.throughputPerSecond)} iterations/s`;
  const compared = ratio === undefined ? pace : `${ratioText(ratio)} × the throughput of ${control}`;
  const retried = mode.conflicts > 0 ? `, ${(mode.attempts / mode.iterations.begun).toFixed(1)} attempts each` : '';
  return `${mode.name} ${compared}${retried}`;
};

const dataOf = ({ lost, consistency, violations }: ModeResult): string => {
  if (lost === null || consistency === null) return '';
  if (consistency.verdict === 'not-exercised') return ', no update was acknowledged';
  if (lost.atLeast === 0 && consistency.verdict === 'violated') return ', and updates were applied more than once';
  if (lost.atLeast === 0) return ', no update lost';
  const allowed = violations === 'allowed' ? ' (allowed)' : '';
  return `, and lost ${shareText(lost.atLeast / lost.acknowledged)} of the updates${allowed}`;
};

const perSecond = (value: number): string => Math.round(value).toLocaleString('en-US');

const ratioText = (ratio: number): string =>
  ratio < 10 ? ratio.toFixed(2) : ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0);

const shareText = (share: number): string => (share < 0.001 ? 'under 0.1 %' : `${(share * 100).toPrecision(2)} %`);
