import type { ModeResult } from './result.ts';

/** A mode under an open load. */
export type OpenMode = ModeResult & { readonly offered: NonNullable<ModeResult['offered']> };

/** Whether a mode had an open load, so that its throughput is what was asked of it, unless it did not keep up. */
export const isOpen = (mode: ModeResult): mode is OpenMode => mode.offered !== null;

/** Iterations per second that a mode was asked for: what arrivals of chance, or few of them, only come near to. 0 for a closed load. */
export const askedRate = ({ offered }: ModeResult): number => offered?.askedPerSecond ?? offered?.perSecond ?? 0;

/** So much of what was due may be dropped, or be left over. */
const allowedShare = 0.01;

/** So many standard deviations may the backlog have grown by chance: what is in flight at two moments differs by √(2 n). */
const allowedDeviations = 3;

/**
 * Whether a mode took what its open load offered: at most 1 % of the arrivals due were dropped, and the backlog, waiting and
 * in flight, grew over all slots by at most 1 % of them, or by what chance may do. True of a closed load, which offers no
 * more than is taken.
 */
export const keptUp = ({ offered, iterations: { scheduled, dropped }, ...mode }: ModeResult): boolean => {
  if (offered === null) return true;
  const { backlog } = offered;
  if (backlog === undefined) return completedEnough({ offered, scheduled, ...mode });
  const grownBy = backlog.atEnd - backlog.atStart;
  return (
    dropped <= allowedShare * scheduled &&
    grownBy <= Math.max(allowedShare * scheduled, allowedDeviations * Math.sqrt(2 * backlog.atStart))
  );
};

/** So many iterations of a slot may end beyond its edge instead of as many that began before it. */
const edgeIterations = 2;

/** Of a document that tells no backlog: whether 99 % of what was offered was completed. */
const completedEnough = ({
  offered,
  scheduled,
  throughputPerSecond,
  slots,
}: Pick<ModeResult, 'throughputPerSecond' | 'slots'> & {
  readonly offered: NonNullable<ModeResult['offered']>;
  readonly scheduled: number;
}): boolean => {
  const shortOf = offered.perSecond - throughputPerSecond;
  const secondsEach = scheduled / offered.perSecond / Math.max(1, slots.length);
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
