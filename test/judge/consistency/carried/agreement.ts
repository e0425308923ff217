import fc from 'fast-check';
import { expect } from 'vitest';
import { decodeHistory, encodeHistory, HistoryDecoder } from '../../../../src/core/history/file.ts';
import type { ModelName } from '../../../../src/judge/consistency/model-names.ts';
import { micros } from '../../../../src/core/units.ts';
import { verifyHistory } from '../../../../src/verify.ts';
import type { JudgedSlot } from '../../../../src/judge/consistency/slot-verdict.ts';
import { drawnSlots, judgedSlots, judgedWith } from './simulated.ts';
import { targets } from './targets.ts';

/**
 * Asserts that no slot of a target that is right is accused, whatever takes effect late, and that the file of each gives the same
 * verdict again.
 *
 * @returns how many slots would have been accused had nothing been carried into them
 */
export const expectNoAccusation = (name: string, numRuns: number): number => {
  let wouldBe = 0;
  const make = targets[name]!;
  fc.assert(
    fc.property(drawnSlots, (drawn) => {
      for (const judged of judgedWith(make(), drawn)) {
        expect(judged.consistency.findings).toEqual([]);
        const { verdict, because } = judged.consistency;
        expect(verdict).not.toBe('violated');
        if (because?.includes('ran out') !== true) expect(verifiedAgain(judged)).toBe(verdict);
      }
      const alone = judgedSlots(make(), drawn, { isEachAlone: true });
      wouldBe += alone.filter(({ verdict }) => verdict === 'violated').length;
    }),
    { numRuns },
  );
  return wouldBe;
};

/** What the file of a slot is verified as. */
const verifiedAgain = ({ history, about }: JudgedSlot): string => {
  const bytes = [...encodeHistory(history, about)];
  const decoder = new HistoryDecoder();
  for (const part of bytes) decoder.push(part);
  const file = {
    history: decodeHistory(bytes),
    about: decoder.about!,
    model: about.model as ModelName,
    problems: [],
    problemCount: 0,
    sessionName: (session: number) => session,
  };
  const clock = { now: () => micros(performance.now() * 1000) };
  return verifyHistory(file, { initial: undefined, isOneClock: true, clock, budgetUs: 500_000 }).verdict;
};

/** A slot of a counter, by sums: as many changes that were acknowledged, as many whose outcome is unknown, and what was read. */
export interface Sums {
  readonly acknowledged: number;
  readonly unknown: number;
  readonly initial: number;
  readonly final: number;
  readonly isReset: boolean;
}

/**
 * Whether changes of 1 explain all slots: each change of unknown outcome is made once at most, in its own slot, between two slots
 * or in a later one. By trying them all.
 */
export const isExplained = (slots: readonly Sums[]): boolean => {
  // Between slots without a reset the value tells how many were made there; with one nobody knows.
  const wanted = slots.flatMap(({ initial, final, acknowledged, isReset }, at) => [
    isReset || at === 0 ? undefined : initial - slots[at - 1]!.final,
    final - initial - acknowledged,
  ]);
  const count = (places: readonly number[], place: number): number => places.filter((one) => one === place).length;
  const tryAll = (slot: number, left: number, places: readonly number[]): boolean => {
    if (slot === slots.length)
      return wanted.every((many, place) => many === undefined || count(places, place) === many);
    if (left === 0) return tryAll(slot + 1, slots[slot + 1]?.unknown ?? 0, places);
    // Never, or anywhere from its own slot on.
    for (let place = 2 * slot; place <= wanted.length; place++)
      if (place !== 2 * slot && tryAll(slot, left - 1, [...places, place])) return true;
    return false;
  };
  return tryAll(0, slots[0]!.unknown, []);
};
