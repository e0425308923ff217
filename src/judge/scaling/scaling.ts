import type { Grid } from './grid.ts';
import { readingsOf } from './grid.ts';
import { intervalsOf, type Between, type LawIntervals } from './jackknife.ts';
import { fitLaw, type Law } from './law.ts';
import { misfitOf, type Misfit } from './misfit.ts';
import { plateauOf, type Plateau } from './plateau.ts';

/**
 * What the law says of a mode. `fits`: it is not rejected; `rough`: it is, by less than anybody would mind; `rejected`: it is no
 * description of this mode; `too few points`: it cannot be told.
 */
export type LawVerdict = 'fits' | 'rough' | 'rejected' | 'too few points';

/** How a mode grows with its users or workers. */
export interface Scaling {
  readonly plateau: Plateau;
  readonly verdict: LawVerdict;
  /** Absent with too few points. */
  readonly misfit?: Misfit;
  /** The law with the least residuals, however well it fits; absent with too few points. */
  readonly law?: Law;
  /** Present where the law fits. */
  readonly intervals?: LawIntervals;
  /** Where the law peaks, inside of what was measured: told only where the law fits and a fall is shown. */
  readonly peak?: Between;
}

/** Fewer points say too little of three coefficients. */
const fewestPoints = 6;

/** A law is rejected where points lie as far from it as chance puts them in fewer than 1 of 100 sweeps. */
const rejection = 0.01;

/** With very quiet data a law is rejected that nobody would notice to be off: by no more than this. */
const rough = 0.05;

/**
 * The peak without a law, and the law as far as it is to be believed.
 *
 * @param grid at least one point and one round
 */
export const scalingOf = (grid: Grid, alpha: number): Scaling => {
  const plateau = plateauOf(grid, alpha);
  const fit = grid.at.length < fewestPoints ? undefined : fitLaw(readingsOf(grid));
  const misfit = fit === undefined ? undefined : misfitOf(grid, fit);
  if (fit === undefined || misfit === undefined) return { plateau, verdict: 'too few points' };
  const { gamma, sigma, kappa } = fit;
  const found = { plateau, misfit, law: { gamma, sigma, kappa } };
  if (misfit.p < rejection) return { ...found, verdict: Math.abs(misfit.worst.share) <= rough ? 'rough' : 'rejected' };
  const intervals = intervalsOf(grid, fit);
  const peak = intervals?.peak ?? undefined;
  const isInside = peak !== undefined && peak.estimate <= grid.at.at(-1)!;
  return {
    ...found,
    verdict: 'fits',
    ...(intervals === undefined ? {} : { intervals }),
    ...(isInside && plateau.falls ? { peak } : {}),
  };
};
