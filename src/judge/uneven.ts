import type { ModeResult } from '../core/result/result.ts';
import type { Slot } from '../core/slot.ts';
import type { Warning } from '../core/result/warning.ts';
import { many } from './figure.ts';
import { median } from './median.ts';
import { jain } from './mode-result.ts';

/** This share of the opened connections starves only if a target leaves them out, whatever else fails there. */
const starvedShare = 0.15;

/** Below this, users were not served equally: one of four had nothing, or half of eight had three times what the others had. */
const leastFairness = 0.8;

/** Warns that a target did not serve equal clients equally: it answered on only some of the connections, or users starved. */
export const unevenness = (mode: ModeResult, slots: readonly Slot[]): readonly Warning[] =>
  [serial(mode, slots), unfair(mode, slots)].filter((warning) => warning !== undefined);

const serial = ({ name }: ModeResult, slots: readonly Slot[]): Warning | undefined => {
  const all = slots.flatMap(({ recording }) => recording.connections ?? []);
  const worst = all.toSorted((one, other) => other.starved - one.starved)[0];
  const starved = sum(all.map((one) => one.starved));
  if (worst === undefined || starved === 0) return undefined;
  // A single hanging connection is reported by its failure, unless it is one of two.
  if (starved < (worst.answering > 1 ? 2 : 1) || starved < starvedShare * sum(all.map(({ opened }) => opened)))
    return undefined;
  return {
    code: 'TARGET_SERIAL',
    message: `the target of ${name} answers on ${worst.answering} of ${many(worst.open, 'open connection')} at a time: requests on the others waited until one was closed, or were never answered.`,
    hint: `${worst.answering === 1 ? 'A worker' : `${worst.answering} workers`} there, each tied to its connection? More workers, ${many(worst.answering, 'user')}, or --no-keepalive, so that requests take turns.`,
  };
};

const unfair = (mode: ModeResult, slots: readonly Slot[]): Warning | undefined => {
  const { name, lock, users, fairness, iterations } = mode;
  if (lock !== 'none' || fairness === null) return undefined;
  // A different user may starve in each slot.
  const inSlot = median(slots.map(({ recording }) => jain(recording.completedByUser) ?? 1));
  const isOfSlots = inSlot < fairness;
  const index = isOfSlots ? inSlot : fairness;
  const completed = iterations.completed / (isOfSlots ? slots.length : 1);
  if (index >= leastFairness * byChance(completed, users)) return undefined;
  const [worst] = slots.toSorted((one, other) => idleIn(other) - idleIn(one));
  const idle = worst === undefined ? 0 : idleIn(worst);
  return {
    code: 'UNFAIR',
    message: `the users of ${name} completed very unevenly, although no lock is between them: fairness ${index.toFixed(2)}, where 1 is the same for all${idle === 0 ? '' : `; ${idle} of ${many(users, 'user')} completed nothing`}.`,
    hint: 'Throughput and percentiles are those of the users who were served. Does the target bind a worker to a connection?',
  };
};

/** Roughly the index of this many completions, each of a user drawn at random: a few are uneven by chance alone. */
const byChance = (completed: number, users: number): number => completed / (completed + users);

const idleIn = ({ recording: { completedByUser } }: Slot): number =>
  completedByUser.filter((count) => count === 0).length;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
