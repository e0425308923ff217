import { type History } from '../../../../core/history/history.ts';
import { doubles, picked } from '../columns/scratch.ts';
import { at, sortBy } from '../columns/sorted.ts';
import { acquireOf } from './grants.ts';

/**
 * How long each acquire among these rows waited for the lock of its critical section, in ns; 0 if none of them did.
 *
 * @param sections passes through critical sections, as rows of their own history
 */
export const waitsOf = (
  history: History,
  rows: Uint32Array,
  passes: History,
  sections: Uint32Array,
): ((row: number) => number) => {
  const waited = picked(sections, (section) => passes.operand[section]! > 0);
  if (waited.length === 0) return () => 0;
  const acquires = picked(rows, (row) => history.f[row] === acquireOf);
  inOrder(acquires, history);
  inOrder(waited, passes);
  const waits = doubles(history.length);
  let next = 0;
  for (const row of acquires) {
    const [who, call] = [history.session[row]!, history.call[row]!];
    const isOver = (section: number): boolean =>
      passes.session[section]! < who || (passes.session[section] === who && passes.ret[section]! < call);
    while (next < waited.length && isOver(waited[next]!)) next += 1;
    const section = waited[next];
    if (section === undefined || passes.session[section] !== who || passes.call[section]! > call) continue;
    waits[row] = Math.min(passes.operand[section]!, call - passes.call[section]!);
  }
  return (row) => waits[row]!;
};

/** By session, and within each by time. */
const inOrder = (rows: Uint32Array, { call, session }: History): void => {
  sortBy(rows, at(rows, call));
  const who = doubles(rows.length);
  for (let i = 0; i < rows.length; i += 1) who[i] = session[rows[i]!]!;
  sortBy(rows, who);
};
