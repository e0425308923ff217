import type { Grid } from './grid.ts';
import { readingsOf } from './grid.ts';
import { intervalsOf, type Between, type LawIntervals } from './jackknife.ts';
import { fitLaw, type Law } from './law.ts';
import { misfitOf, type Misfit } from './misfit.ts';
import { plateauOf, type Plateau } from './plateau.ts';

/**
 * What the law says of a mode. `fits`: it is not rejected. `rough`: it is rejected, but it is off by too little to matter. `rejected`: it
 * does not describe this mode. `too few points`: it cannot be told.
 */
export type LawVerdict = 'fits' | 'rough' | 'rejected' | 'too few points';

/** How a mode grows with its users or workers. */
export interface Scaling {
  readonly plateau: Plateau;
  readonly verdict: LawVerdict;
  /** Absent with too few points. */
  readonly misfit?: Misfit;
  /** The law with the smallest residuals, however well it fits; absent with too few points. */
  readonly law?: Law;
  /** Present if the law fits. */
  readonly intervals?: LawIntervals;
  /** Where the law peaks, within the measured range; present only if the law fits and a fall is shown. */
  readonly peak?: Between;
}

/** Fewer points say too little about three coefficients. */
const fewestPoints = 6;

/** A law is rejected if chance puts points that far from it in fewer than 1 of 100 sweeps. */
const rejection = 0.01;

/** With very quiet data, a law may be rejected though it is off by too little to notice: by no more than this. */
const rough = 0.05;

/**
 * The peak without a law, and the law as far as it can be trusted.
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
