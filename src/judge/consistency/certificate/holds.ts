import { fail, info, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Contradiction } from '../engines/engine.ts';

const [acquireOf, releaseOf] = (['acquire', 'release'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** Whether two grants of one thing were held at the same moment, whichever session gave back what; or whether their tokens are wrong. */
export const isHoldFinding = (
  history: History,
  { rule, evidence, operations: [a, b] }: Contradiction,
  leaseNs: number,
): boolean => {
  const { status, call, ret, version } = history;
  if (a === undefined || b === undefined || a === b) return false;
  if (![a, b].every((row) => isGrant(history, row) && status[row] === ok)) return false;
  if (nameIn(history, a) !== nameIn(history, b)) return false;
  if (rule === 'token-twice') return version[a] === version[b];
  if (rule === 'token-order') {
    const isEnded = (): boolean => endOf(history, eventsOf(history, b), b, leaseNs, false) <= ret[a]!;
    return version[b]! < version[a]! && (ret[a]! < call[b]! || !isEnded());
  }
  if (rule !== 'held-twice' && rule !== 'allocated-twice') return false;
  const all = eventsOf(history, a);
  const isAnybody = rule === 'allocated-twice' && all.some((row) => isStray(history, all, row));
  // Without times, only the order within a session can rule out that a release ended a hold.
  if (evidence === 'clock-free' && [a, b].some((row) => isEndedAnyTime(history, all, row, isAnybody))) return false;
  const [endA, endB] = [a, b].map((row) => endOf(history, all, row, leaseNs, isAnybody)) as [number, number];
  // A thing given back the moment it was granted was held at that moment; a hold that began when another ended may have come after it.
  return ret[a]! <= endA && ret[b]! <= endB && ret[a]! < endB && ret[b]! < endA;
};

/** Known grants and possible releases of one name. */
const eventsOf = (history: History, grant: number): readonly number[] =>
  Array.from(history.f.keys()).filter(
    (row) => isEvent(history, row) && nameIn(history, row) === nameIn(history, grant),
  );

const isEvent = (history: History, row: number): boolean =>
  history.f[row] === releaseOf ? history.status[row] !== fail : isGrant(history, row) && history.status[row] === ok;

const isGrant = ({ f }: History, row: number): boolean => f[row] === acquireOf;

const nameIn = ({ value }: History, row: number): number => (Number.isNaN(value[row]!) ? 0 : value[row]!);

/** By token if all rows have one, including those with other names; otherwise by session. */
const ownOf = (history: History, all: readonly number[], one: number): readonly number[] => {
  const { f, version, session } = history;
  const isTold = f.every((_, row) => !isEvent(history, row) || !Number.isNaN(version[row]!));
  const holder = isTold ? version : session;
  return all.filter((row) => holder[row] === holder[one]);
};

/** Whether a release may have ended another session's hold, because it is not certain that there was one of its own. */
const isStray = (history: History, all: readonly number[], release: number): boolean => {
  const { status, call, ret } = history;
  if (isGrant(history, release)) return false;
  if (status[release] === info) return true;
  const own = ownOf(history, all, release);
  const releases = own.filter((row) => !isGrant(history, row) && call[row]! <= call[release]!);
  return own.filter((row) => isGrant(history, row) && ret[row]! < call[release]!).length < releases.length;
};

/** Whether some release of another session, or a later one of its own, may have ended a hold. */
const isEndedAnyTime = (history: History, all: readonly number[], grant: number, isAnybody: boolean): boolean =>
  (isAnybody ? all : ownOf(history, all, grant)).some(
    (row) =>
      !isGrant(history, row) &&
      (history.session[row] !== history.session[grant] || history.call[row]! >= history.call[grant]!),
  );

/** The earliest moment at which a hold may have ended. */
const endOf = (
  history: History,
  all: readonly number[],
  grant: number,
  leaseNs: number,
  isAnybody: boolean,
): number => {
  const { status, call, ret } = history;
  const own = isAnybody ? all : ownOf(history, all, grant);
  const releases = own.filter((row) => !isGrant(history, row));
  // Releases sent before it that no earlier hold needed may still be on their way.
  const before = own.filter((row) => call[row]! < call[grant]!);
  const isOneToSpare =
    before.some((row) => !isGrant(history, row)) &&
    before.filter((row) => isGrant(history, row)).length < before.length / 2;
  const late = releases.filter(
    (row) => call[row]! >= call[grant]! || (isOneToSpare && (status[row] === info || ret[row]! >= call[grant]!)),
  );
  return late.reduce((end, row) => Math.min(end, call[row]!), call[grant]! + leaseNs);
};
