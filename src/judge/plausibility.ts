import type { Mode } from '../core/plan/plan.ts';
import type { ModeResult } from '../core/result/result.ts';
import type { Slot } from '../core/slot.ts';
import type { Warning } from '../core/result/warning.ts';
import { figure } from './figure.ts';

/** How far the two sides of Little's law may differ. */
const littleShare = 0.05;

/** By how much the holds of a lock may exceed the time during which it can have been held. */
const utilisationShare = 0.02;

/** Two clock readings lie between a release and the end of its hold: the next holder, on another thread, may already be inside. */
const handOverUs = 20;

/** Numbers of a mode that cannot all be true, whatever the target did: one warning for each law that they break. */
export const checkLaws = (mode: Mode, result: ModeResult, slots: readonly Slot[]): readonly Warning[] => {
  const measured = slots.filter((slot) => windowOf(slot) > 0);
  return [littlesLaw(result, measured), ...lockUtilisation(mode, result, measured)].filter(
    (warning) => warning !== undefined,
  );
};

/**
 * L = λW (Little 1961): the users inside an iteration, on average over the windows, equal the iterations per second times the mean time
 * from beginning to end. It holds for any distribution, load or lock.
 *
 * For a window that opens and closes mid-run it holds once what lies across its edges is taken into account, which is known: no steady
 * state or long run is needed.
 */
const littlesLaw = ({ name, anatomy, responseTimeUs }: ModeResult, slots: readonly Slot[]): Warning | undefined => {
  const windowUs = sum(slots.map(windowOf));
  if (anatomy === null || windowUs === 0) return undefined;
  const { responseUs, queueWaitUs, sendLagUs } = anatomy.mean;
  const meanUs = Math.max(0, responseUs - queueWaitUs - sendLagUs);
  const { count } = responseTimeUs;
  const acrossUs = sum(slots.map(({ recording }) => recording.inFlight.acrossUs));
  const counted = sum(slots.map(({ recording }) => recording.inFlight.userUs)) / windowUs;
  const reckoned = (count * meanUs - acrossUs) / windowUs;
  // The mean is rounded to 0.1 µs.
  const allowed = littleShare * Math.max(counted, reckoned) + (0.1 * count) / windowUs;
  if (Math.abs(counted - reckoned) <= allowed) return undefined;
  return {
    code: 'LITTLES_LAW',
    message: `${counted.toFixed(2)} users of ${name} were inside an iteration on average, but ${figure(Math.round((count * 1e6) / windowUs), '/s')} of ${figure(meanUs, 'µs')} each make ${reckoned.toFixed(2)}, as far as they lay inside the windows: these numbers cannot both be true (Little's law).`,
    hint: 'Do not rely on the throughput and the response times of this mode; this is a bug in contend, please report it.',
  };
};

const windowOf = ({ recording: { window } }: Slot): number => window.toUs - window.fromUs;

/**
 * The utilisation law: what at most n can hold at a time is held for at most n times the time there was. That time consists of the windows
 * and, after each, the passes of iterations still under way: those of one iteration for each user, or of two if conflicts keep some of them
 * trying for long.
 */
const lockUtilisation = (
  { lock: { name: word, options } }: Mode,
  { name, users, workers, iterations, conflicts, locks }: ModeResult,
  slots: readonly Slot[],
): readonly Warning[] => {
  const room = roomOf(word, options);
  if (room === undefined) return [];
  const windowUs = sum(slots.map(windowOf));
  return locks.flatMap((lock): readonly Warning[] => {
    const { mean, count } = lock.holdUs;
    const heldUs = mean * count;
    const passes = (conflicts === 0 ? 1 : 2) * Math.max(1, count / Math.max(1, iterations.begun));
    const afterUs = slots.length * users * mean * passes;
    const overlapUs = workers > 1 ? count * handOverUs : 0;
    if (heldUs <= room * windowUs * (1 + utilisationShare) + afterUs + overlapUs) return [];
    return [
      {
        code: 'LOCK_UTILISATION',
        message: `the holds of the ${lock.name} lock of ${name} add up to ${figure(Math.round(heldUs), 'µs')} in ${figure(windowUs, 'µs')} measured, but ${room === 1 ? 'only one user' : `at most ${room} users`} can be inside: these numbers cannot both be true.`,
        hint: 'Do not rely on the lock times of this mode; this is a bug in contend, please report it.',
      },
    ];
  });
};

/** How many may be inside; `undefined` if it depends on keys, or on who only reads, or if a lease may have lapsed. */
const roomOf = (word: string, options: Mode['lock']['options']): number | undefined => {
  if (word === 'mutex' || word === 'request-response') return 1;
  if (word !== 'semaphore') return undefined;
  const { permits } = options as { readonly permits: number };
  return permits;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
