import type { Clock } from '../../core/clock.ts';
import type { Watch } from '../../core/watch.ts';

/** How a run is progressing; what is not known yet is left out. */
export interface Pace {
  readonly perSecond?: number;
  readonly leftUs?: number;
  /** 0 … 1, of all slots. */
  readonly done: number;
}

/** Rates are taken over at least this long, so that they do not flicker. */
const leastSpanUs = 1_000_000;
/** At the beginning of a slot, a rate over a shorter time says nothing. */
const tooShortUs = 200_000;

/** A function that gives the run's current pace: the rate is that of the last second or so. */
export const paceOf = (watch: Watch, clock: Clock): (() => Pace) => {
  const runStartedUs: number = clock.now();
  let looks: { readonly atUs: number; readonly completed: number }[] = [];
  let slotStartedUs = -1;

  const perSecond = (nowUs: number, startedUs: number): number | undefined => {
    if (slotStartedUs !== startedUs) looks = [{ atUs: startedUs, completed: 0 }];
    slotStartedUs = startedUs;
    while (looks.length > 1 && nowUs - looks[1]!.atUs >= leastSpanUs) looks.shift();
    const { atUs, completed } = looks[0]!;
    looks.push({ atUs: nowUs, completed: watch.completed });
    return nowUs - atUs < tooShortUs ? undefined : Math.max(0, ((watch.completed - completed) / (nowUs - atUs)) * 1e6);
  };

  return () => {
    const nowUs = clock.now();
    const startedUs = Math.max(watch.slotStartedUs, runStartedUs);
    const { slotsDone, slotsTotal, endsUs } = watch;
    const rate = perSecond(nowUs, startedUs);
    const ratePart = rate === undefined ? {} : { perSecond: rate };
    if (endsUs > 0) {
      const leftUs = Math.max(0, endsUs - nowUs);
      const goneUs = nowUs - runStartedUs;
      return { ...ratePart, leftUs, done: goneUs / Math.max(1, goneUs + leftUs) };
    }
    const perSlotUs = watch.slotExpectedUs || (slotsDone === 0 ? 0 : (startedUs - runStartedUs) / slotsDone);
    const inSlot = perSlotUs > 0 ? Math.min(1, (nowUs - startedUs) / perSlotUs) : 0;
    const slots = Math.min(slotsTotal, slotsDone + inSlot);
    return {
      ...ratePart,
      ...(perSlotUs > 0 ? { leftUs: (slotsTotal - slots) * perSlotUs } : {}),
      done: slotsTotal === 0 ? 0 : slots / slotsTotal,
    };
  };
};
