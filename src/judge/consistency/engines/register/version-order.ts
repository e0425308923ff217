import { nothing, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { isAnsweredRead, mayWrite } from './chains.ts';
import type { Engine, Known } from '../engine.ts';
import { Findings } from '../findings.ts';
import { judgeStrangers } from './strangers.ts';
import type { Stranger } from './strangers.ts';
import { doubles, integers } from '../columns/scratch.ts';
import { indexes, sortedBy } from '../columns/sorted.ts';
import { noRow, timesOf } from './times.ts';
import { ValueTable } from '../columns/value-table.ts';
import {
  certifyFork,
  certifyGap,
  certifyLostWrite,
  certifyNotRaised,
  certifyOrder,
  certifyTwoContents,
  certifyTwoVersions,
  withTellers,
} from './version-why.ts';

const read = operations.indexOf('read');
const cas = operations.indexOf('cas');

/**
 * A register, or anything else whose answers tell a version that rises with every write: each version is made once and has one content,
 * nothing is older than what had ended before it began, a compare-and-swap on a version follows that version, and the last value is that of
 * the highest version. Exact if every answer tells its version.
 *
 * Versions are ordered by their numbers; the `operand` of a `cas` is a version. A write whose answer told none takes the version of a read
 * of its value, if it is the only write of that value; otherwise it is left out. A read that saw nothing saw the state before the first
 * version.
 */
export const versionOrder: Engine = (history, rows, known) => {
  const findings = new Findings(withTellers(history, rows));
  const told = toldVersions(history, rows, known);
  const groups: Groups = {
    history,
    rows,
    told,
    order: sortedBy(indexes(rows.length), told.version),
    toldOf: new Map(),
  };
  judgeOrder(groups, findings);
  judgeContents(groups, known, findings);
  return findings.worstFirst();
};

/** The version that each row (by its place among them) made or saw; NaN if none, or unknown. */
interface Told {
  readonly version: Float64Array;
  /** The values that were written. */
  readonly values: ValueTable;
  /** For each value the place of the row that wrote it; −1 if several did. */
  readonly writer: Int32Array;
  /** If the initial value is unknown, the lowest version that was told or built on: it may be the initial one. Otherwise NaN. */
  readonly first: number;
}

interface Groups {
  readonly history: History;
  readonly rows: Uint32Array;
  readonly told: Told;
  readonly order: Uint32Array;
  /** For values with several writers, or with one that were also there at first: the answers of {@link isToldOf} so far. */
  readonly toldOf: Map<number, boolean>;
}

const toldVersions = (history: History, rows: Uint32Array, { initial }: Known): Told => {
  const version = doubles(rows.length).fill(NaN);
  let writes = 0;
  for (const row of rows) if (mayWrite(history, row)) writes++;
  const values = new ValueTable(writes + 1);
  const writer = integers(writes + 1);
  if (!Number.isNaN(initial)) writer[values.add(initial)] = -1;
  let isLearning = false;
  const first = Number.isNaN(initial) ? lowestOf(history, rows) : NaN;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (history.status[row] === ok) version[at] = history.version[row]!;
    if (!mayWrite(history, row)) continue;
    const count = values.count;
    const value = values.add(history.value[row]!);
    writer[value] = value === count ? at : -1;
    isLearning ||= Number.isNaN(version[at]!);
  }
  const isNothingFirst =
    values.find(nothing) < 0 || (initial === nothing && values.count > 0 && !isWritten(history, rows, nothing));
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (!isAnsweredRead(history, row)) continue;
    const seen = history.version[row]!;
    if (Number.isNaN(seen)) {
      if (history.value[row] === nothing && isNothingFirst) version[at] = -Infinity;
    } else if (isLearning && seen !== first) {
      const value = values.find(history.value[row]!);
      if (value >= 0 && writer[value]! >= 0 && Number.isNaN(version[writer[value]!]!)) version[writer[value]!] = seen;
    }
  }
  return { version, values, writer, first };
};

const lowestOf = ({ status, f, version, operand }: History, rows: Uint32Array): number => {
  let lowest = Infinity;
  for (const row of rows) {
    if (status[row] !== ok) continue;
    if (version[row]! < lowest) lowest = version[row]!;
    if (f[row] === cas && operand[row]! < lowest) lowest = operand[row]!;
  }
  return lowest;
};

const isWritten = (history: History, rows: Uint32Array, value: number): boolean =>
  rows.some((row) => isWriteOf(history, row, value));

const isRead = ({ history, rows }: Groups, at: number): boolean => history.f[rows[at]!] === read;

/** Calls `visit` with the places in `order` where each version begins and ends, from the lowest on. */
const eachVersion = ({ order, told }: Groups, visit: (from: number, to: number) => void): void => {
  for (let from = 0, to = 0; from < order.length && !Number.isNaN(told.version[order[from]!]!); from = to) {
    const version = told.version[order[from]!];
    while (to < order.length && told.version[order[to]!] === version) to++;
    visit(from, to);
  }
};

/** Walks up the versions, in each the write first, and checks every end against the latest begin of all below. */
const judgeOrder = (groups: Groups, findings: Findings): void => {
  const { history, rows, order } = groups;
  const times = timesOf(history);
  let late = noRow;
  eachVersion(groups, (from, to) => {
    const look = (wantsRead: boolean): void => {
      let latest = noRow;
      for (let i = from; i < to; i++) {
        const row = rows[order[i]!]!;
        if (isRead(groups, order[i]!) !== wantsRead) continue;
        if (times.end(row) < times.begin(late)) {
          certifyOrder(history, rows, findings, late, row);
          // A row counts in one contradiction only, so that their number is the least that can be wrong.
          late = noRow;
        } else if (times.begin(row) > times.begin(latest)) latest = row;
      }
      if (times.begin(latest) > times.begin(late)) late = latest;
    };
    look(false);
    look(true);
  });
};

/** What needs no clock: which row made each version, on which one, and what is in it. */
const judgeContents = (groups: Groups, known: Known, findings: Findings): void => {
  const { history, rows, told, order } = groups;
  const strangers: Stranger[] = [];
  let below = -1;
  let last = -1;
  let lowest = -1;
  eachVersion(groups, (from, to) => {
    let maker = -1;
    let content = -1;
    for (let i = from; i < to; i++) {
      const at = order[i]!;
      const row = rows[at]!;
      if (!isRead(groups, at)) {
        if (maker >= 0) certifyFork(history, rows, findings, maker, row);
        else maker = row;
        if (history.f[row] === cas && history.operand[row]! >= told.version[at]!)
          certifyNotRaised(history, rows, findings, row);
        if (history.f[row] === cas && below >= 0 && told.version[below]! > history.operand[row]!)
          certifyGap(history, rows, findings, rows[below]!, row);
      }
      if (Number.isNaN(history.value[row]!)) continue;
      if (content >= 0 && history.value[content] !== history.value[row])
        certifyTwoContents(history, rows, findings, content, row);
      else content = row;
    }
    // Without its maker, a version other than the lowest needs a write of unknown outcome with the value that was seen.
    if (maker < 0 && content >= 0) findStrangers(groups, [from, to], known, strangers, findings);
    if (below < 0) lowest = maker >= 0 ? maker : rows[order[from]!]!;
    below = order[from]!;
    last = content;
  });
  // If no version was told at all, the last read is checked against the values alone.
  if (lowest < 0 && !Number.isNaN(known.final) && told.values.find(known.final) < 0)
    strangers.push({ row: null, value: known.final });
  const first = lowest < 0 ? undefined : { row: lowest, value: history.value[lowest]! };
  judgeStrangers(history, rows, known, strangers, findings, first);
  if (last >= 0 && !mayBeLast(groups, known.final, told.version[below]!, history.value[last]!))
    certifyLostWrite(history, rows, findings, last, known.final, writerOf(groups, known.final));
};

/** The row that wrote a value, if exactly one did. */
const writerOf = ({ rows, told }: Groups, value: number): number | undefined => {
  const place = told.values.find(value);
  const writer = place < 0 ? -1 : told.writer[place]!;
  return writer < 0 ? undefined : rows[writer];
};

/** Reports rows that saw a value that no write can have put there as this version. */
const findStrangers = (
  groups: Groups,
  [from, to]: readonly [from: number, to: number],
  { initial }: Known,
  strangers: Stranger[],
  findings: Findings,
): void => {
  const { history, rows, told, order } = groups;
  for (let i = from; i < to; i++) {
    const row = rows[order[i]!]!;
    const value = history.value[row]!;
    if (Number.isNaN(value)) continue;
    const written = told.values.find(value);
    const writer = written < 0 ? -1 : told.writer[written]!;
    const mayBeFirst = Number.isNaN(initial) ? told.version[order[i]!] === told.first : from === 0 && value === initial;
    if (mayBeFirst) {
      // It may be the initial value, even if it was also written later.
      if (Number.isNaN(initial) && written < 0) strangers.push({ row, value });
    } else if (writer >= 0 ? !Number.isNaN(told.version[writer]!) : written >= 0 && isToldOf(groups, value)) {
      // Its writes made other versions: had one of them made this one, it would have a maker.
      const makers =
        writer >= 0 ? [rows[writer]!] : rows.filter((one) => isWriteOf(history, one, value)).subarray(0, 3);
      if (makers.length > 0) certifyTwoVersions(history, rows, findings, [...makers], row, rows[order[0]!]!);
      else strangers.push({ row, value });
    } else if (written < 0) strangers.push({ row, value });
  }
};

const isWriteOf = (history: History, row: number, value: number): boolean =>
  mayWrite(history, row) && history.value[row] === value;

/** Whether the versions of all writes of a value are known. */
const isToldOf = ({ history, rows, told, toldOf }: Groups, value: number): boolean => {
  const before = toldOf.get(value);
  if (before !== undefined) return before;
  const isTold = rows.every((row, at) => !isWriteOf(history, row, value) || !Number.isNaN(told.version[at]!));
  toldOf.set(value, isTold);
  return isTold;
};

/** Whether the last read may have found this value if the highest known version has that content. */
const mayBeLast = ({ history, rows, told }: Groups, final: number, highest: number, content: number): boolean => {
  if (Number.isNaN(final) || final === content) return true;
  const value = told.values.find(final);
  if (value < 0) return false;
  if (told.writer[value]! < 0)
    return rows.some((row, at) => isWriteOf(history, row, final) && Number.isNaN(told.version[at]!));
  return !(told.version[told.writer[value]!]! < highest);
};
