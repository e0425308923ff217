import type { ModeResult } from './result.ts';

/** A mode under an open load. */
export type OpenMode = ModeResult & { readonly offered: NonNullable<ModeResult['offered']> };

/** Whether a mode had an open load, so that its throughput is what was asked of it, unless it did not keep up. */
export const isOpen = (mode: ModeResult): mode is OpenMode => mode.offered !== null;

/** Iterations per second that a mode was asked for: what arrivals of chance, or few of them, only come near to. 0 for a closed load. */
export const askedRate = ({ offered }: ModeResult): number => offered?.askedPerSecond ?? offered?.perSecond ?? 0;

/** So many iterations of a slot may end beyond its edge in place of as many that began before it. */
const edgeIterations = 2;

/** Whether a mode completed at least 99 % of what its open load offered; true of a closed load, which offers no more than is taken. */
export const keptUp = ({ offered, throughputPerSecond, iterations, slots }: ModeResult): boolean => {
  if (offered === null) return true;
  const shortOf = offered.perSecond - throughputPerSecond;
  const secondsEach = iterations.scheduled / offered.perSecond / Math.max(1, slots.length);
  return shortOf <= 0.01 * offered.perSecond || shortOf * secondsEach <= edgeIterations;
};

/**
 * Whether modes are told apart by their response times and not by their throughput: all that have the scenario's own load
 * were offered the same rate.
 */
export const isOfferedAlike = (modes: readonly ModeResult[]): boolean => {
  const alike = modes.filter(({ differentWorkload }) => !differentWorkload);
  return alike.length > 0 && alike.every(isOpen);
};
