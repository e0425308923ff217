import { columnsOf, columnTypes, joinColumns } from '../../core/history/columns.ts';
import { nameOf, firstName, type History } from '../../core/history/history.ts';
import { machinesOf } from '../../core/history/machines.ts';

/** Clocks of two threads agree to a few µs: an order between two threads needs a larger gap than this. */
const threadsDifferNs = 5000;

/**
 * Joins the histories of all shares of a slot. If there are several, every operation is lengthened at both ends by how far the clocks of
 * threads may differ, so that none is wrongly taken to be before another.
 */
export const joinHistories = (shares: readonly [History, ...History[]]): History => joined(shares, threadsDifferNs);

/** Joins histories of one clock, one after the other. */
export const oneBehindTheOther = (before: History, behind: History): History => joined([before, behind], 0);

const joined = (shares: readonly [History, ...History[]], widerNs: number): History => {
  const [first, ...others] = shares;
  if (others.length === 0) return first;
  const keys: string[] = [];
  const names: string[] = [];
  const [keyNumbers, nameNumbers] = [new Map<string, number>(), new Map<string, number>()];
  const placeIn = (all: string[], numbers: Map<string, number>, text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, all.length);
    return all.push(text) - 1;
  };
  const machines = machinesOf(shares);
  const parts = shares.map((share) => {
    const keyOf = share.keys.map((key) => placeIn(keys, keyNumbers, key));
    const placeOf = share.names.map((name) => placeIn(names, nameNumbers, name));
    const renamed = (column: Float64Array): Float64Array =>
      share.names.length === 0
        ? column
        : column.map((value) => (nameOf(value) < 0 ? value : firstName - placeOf[nameOf(value)]!));
    return columnsOf((name) => {
      switch (name) {
        case 'key':
          return share.key.map((key) => keyOf[key]!);
        case 'call':
          return share.call.map((time) => time - widerNs);
        case 'ret':
          return share.ret.map((time) => time + widerNs);
        case 'value':
        case 'operand':
        case 'version':
          return renamed(share[name]);
        default:
          return columnTypes[name].from(share[name]);
      }
    });
  });
  const columns = joinColumns(parts);
  return { ...columns, length: columns.key.length, keys, names, ...machines };
};
