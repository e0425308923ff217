import { fail, ok, operations, type History } from '../../../core/history/history.ts';
import { isAfterAsRecorded } from '../../../core/history/machines.ts';
import type { Contradiction, Known } from '../engines/engine.ts';

const [casOf, readOf] = (['cas', 'read'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** Whether a session has read something older than what it wrote or read before. */
export const isSessionFinding = (
  history: History,
  { initial }: Known,
  { rule, operations: [a, b], evidence }: Contradiction,
): boolean => {
  const { f, status, session, call, ret, value, version } = history;
  if (a === undefined || b === undefined || session[a] !== session[b] || !isAfterAsRecorded(history, a, b))
    return false;
  if (status[a] !== ok || status[b] !== ok || f[b] !== readOf) return false;
  if ((rule === 'read-your-writes') === (f[a] === readOf)) return false;
  if (version[b]! < version[a]!) return true;
  const writes = Array.from(f.keys()).filter((row) => f[row] !== readOf && value[row] === value[a]);
  if (value[a] === value[b] || writes.length !== 1) return false;
  if (value[b] === initial) return true;
  const asked = call[writes[0]!]!;
  return (
    evidence === 'same-host' && f.some((_, row) => status[row] === ok && value[row] === value[b] && ret[row]! < asked)
  );
};

/** Whether a compare-and-swap was refused although only the value it was built on can have been there. */
export const isRefusalFinding = (
  { f, status, call, ret, operand, ...told }: History,
  { initial }: Known,
  { rule, operations: rows }: Contradiction,
  by: 'value' | 'version',
): boolean => {
  const refused = rows.find((row) => f[row] === casOf && status[row] === fail);
  if (rule !== 'refused-without-reason' || refused === undefined) return false;
  const wanted = operand[refused]!;
  const all = Array.from(f.keys()).filter((row) => status[row] !== fail);
  const writers = all.filter((row) => f[row] !== readOf && told[by][row] === wanted);
  if (writers.length + Number(by === 'value' && wanted === initial) !== 1) return false;
  const [writer] = writers;
  const isOpen = by === 'value' && Number.isNaN(initial);
  if (isOpen && (writer === undefined || status[writer] !== ok)) return false;
  const isSeen = (row: number): boolean =>
    status[row] === ok &&
    (!isOpen || row === writer || call[row]! >= ret[writer!]!) &&
    (told[by][row] === wanted || (f[row] === casOf && operand[row] === wanted));
  const isThereBefore = writers.length === 0 || all.some((row) => isSeen(row) && ret[row]! < call[refused]!);
  const isThereAfter = all.some((row) => isSeen(row) && call[row]! > ret[refused]!);
  const mayReplace = all.some(
    (row) =>
      f[row] !== readOf &&
      row !== writers[0] &&
      call[row]! <= ret[refused]! &&
      (status[row] !== ok || writers.length === 0 || ret[row]! >= call[writers[0]!]!),
  );
  return isThereBefore && (isThereAfter || !mayReplace);
};
