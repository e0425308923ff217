import { type History, ok, operations } from '../../../core/history/history.ts';
import { type Element, elementsOf } from '../engines/bags/elements.ts';
import type { Contradiction } from '../engines/engine.ts';
import type { LogLists } from '../engines/lists/places.ts';

const readOf = operations.indexOf('read');

/** Whether no moment of the certificate's reader explains what it saw of some element. */
export const isSetFinding = (
  history: History,
  { rule, operations: rows, evidence }: Contradiction,
  lists: LogLists,
): boolean => {
  const { f, status, call, ret } = history;
  const { all, seen, initial } = elementsOf(history, Array.from(history.f.keys()), lists);
  const last = rows.at(-1);
  const reader = last !== undefined && f[last] === readOf ? last : -1;
  const one = seen.find(({ row }) => row === reader);
  if (one === undefined) return false;
  const [from, until] = reader < 0 ? [Infinity, Infinity] : [call[reader]!, ret[reader]!];
  // The last operation that surely made it so, and everything that may have undone it after that.
  const isSure = (makers: readonly number[], breakers: readonly number[]): boolean =>
    makers.some(
      (maker) =>
        status[maker] === ok &&
        ret[maker]! < from &&
        breakers.every((other) => call[other]! > until || (status[other] === ok && ret[other]! < call[maker]!)),
    );
  const isWrong = (text: string, { adds, removes }: Element): boolean => {
    const count = one.counts.get(text) ?? 0;
    switch (rule) {
      case 'there-twice':
        return count > 1;
      case 'lost':
        return (
          count === 0 &&
          (isSure(adds, removes) || (initial?.has(text) === true && removes.every((other) => call[other]! > until))) &&
          (evidence === 'same-host' || removes.length === 0)
        );
      case 'still-there':
        return count > 0 && isSure(removes, adds);
      case 'from-nothing':
        return count > 0 && initial?.has(text) === false && adds.every((add) => call[add]! > until);
      default:
        return false;
    }
  };
  const texts = new Set([...all.keys(), ...one.counts.keys()]);
  return [...texts].some((text) => isWrong(text, all.get(text) ?? { adds: [], removes: [] }));
};
