import { info, ok, type History, operations } from '../../../../core/history/history.ts';
import type { Contradiction, Engine, Known } from '../engine.ts';
import { grouped, plural } from '../phrase.ts';
import { picked } from '../columns/scratch.ts';
import { sortedBy } from '../columns/sorted.ts';
import { valueWord } from '../words.ts';

const doOf = operations.indexOf('do');

/**
 * Judges what is done once however often it is requested: all requests that are told it is done are told the same, and its effect has moved
 * by `by`, once. `known` has the effect before and after, NaN if unknown. Exact if both are known; an effect that was already there may
 * come from an earlier time.
 *
 * Rules: `answers-differ`, in answers; `done-twice`, `not-done` and `wrong-effect`, in times that it was done.
 *
 * @param by how far doing it once moves the effect
 */
export const once =
  (by: number): Engine =>
  (history, rows, known) => {
    const done = sortedBy(
      picked(rows, (row) => history.f[row] === doOf && history.status[row] === ok),
      history.call,
    );
    const open = picked(rows, (row) => history.f[row] === doOf && history.status[row] === info);
    return [...answersOf(history, done), ...effectOf(known, by, done, open)];
  };

const answersOf = (history: History, done: Uint32Array): readonly Contradiction[] => {
  const counts = new Map<number, number>();
  const told = picked(done, (row) => !Number.isNaN(history.value[row]!));
  for (const row of told) counts.set(history.value[row]!, (counts.get(history.value[row]!) ?? 0) + 1);
  if (counts.size < 2) return [];
  const [a, b] = [told[0]!, told.find((row) => history.value[row] !== history.value[told[0]!])!];
  const others = told.length - Math.max(...counts.values());
  return [
    {
      rule: 'answers-differ',
      evidence: 'clock-free',
      operations: [a, b],
      because: [
        `A was answered ${valueWord(history, history.value[a]!)}, and B ${valueWord(history, history.value[b]!)}, by one key.`,
        `Of ${plural(told.length, 'answer')} by this key ${others} ${others === 1 ? 'is' : 'are'} not as the others are.`,
      ],
      atLeast: others,
      atMost: others,
    },
  ];
};

const effectOf = (
  { initial, final }: Known,
  by: number,
  done: Uint32Array,
  open: Uint32Array,
): readonly Contradiction[] => {
  const moved = final - initial;
  // A refused request says nothing about the effect; and what was there already may be what was asked for.
  const mayBeNone = done.length === 0 || initial !== 0;
  if (Number.isNaN(moved) || moved === by || (moved === 0 && mayBeNone)) return [];
  const times = moved / by;
  const isTwice = times > 1 && Number.isInteger(times);
  const rule = isTwice ? 'done-twice' : moved === 0 ? 'not-done' : 'wrong-effect';
  const many = isTwice ? times - 1 : 1;
  const asked = `${plural(done.length, 'request')} by this key ${done.length === 1 ? 'was' : 'were'} answered that it is done`;
  return [
    {
      rule,
      evidence: 'clock-free',
      operations: [...(done.length > 0 ? done : open).subarray(0, 2)],
      because: [
        `The effect of this key was ${grouped(initial)} before and is ${grouped(final)} afterwards: it moved by ${grouped(moved)}, and doing it once moves it by ${grouped(by)}.`,
        open.length === 0 ? `${asked}.` : `${asked}, and of ${open.length} the outcome is unknown.`,
      ],
      atLeast: many,
      atMost: many,
    },
  ];
};
