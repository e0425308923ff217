import type { History, Machine, MachineRows, Widened } from './history.ts';

/** Puts rows of a machine, if there are any, behind those of others; together with the last ones where those are its own. */
export const putRows = (machines: MachineRows[], rows: number, { agent, epsilonNs }: Machine): void => {
  const last = machines.at(-1);
  if (rows === 0) return;
  if (last?.agent === agent && last.epsilonNs === epsilonNs)
    machines[machines.length - 1] = { ...last, rows: last.rows + rows };
  else machines.push({ rows, agent, epsilonNs });
};

/** Whose rows are those of histories, one behind the other; nothing where no history says it. */
export const machinesOf = (histories: readonly History[]): Pick<History, 'machines'> => {
  if (histories.every(({ machines }) => machines === undefined)) return {};
  const machines: MachineRows[] = [];
  for (const { length, machines: own = [{ rows: length, agent: null, epsilonNs: 0 }] } of histories)
    for (const { rows, ...machine } of own) putRows(machines, rows, machine);
  return machines.length === 0 ? {} : { machines };
};

/** What was done to the times of these rows. */
export const pickWidened = ({ widened }: History, rows: ArrayLike<number>): Pick<History, 'widened'> => {
  if (widened === undefined) return {};
  const { byNs, of, machines } = widened;
  const picked: Widened = {
    byNs: Float64Array.from(rows, (row) => byNs[row]!),
    of: Uint16Array.from(rows, (row) => of[row]!),
    machines,
  };
  return { widened: picked };
};

/** What was done to the times of the rows from that one on: views, no copy. */
export const widenedFrom = ({ widened }: History, first: number): Pick<History, 'widened'> =>
  widened === undefined
    ? {}
    : { widened: { ...widened, byNs: widened.byNs.subarray(first), of: widened.of.subarray(first) } };

/**
 * Whether an operation began after another of the same session had ended, by the one clock that recorded both: whatever was made
 * of their times for the sake of others.
 */
export const isAfterAsRecorded = ({ call, ret, widened }: History, before: number, row: number): boolean =>
  ret[before]! - (widened?.byNs[before] ?? 0) < call[row]! + (widened?.byNs[row] ?? 0);
