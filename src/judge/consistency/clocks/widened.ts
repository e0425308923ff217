import { columnsOf } from '../../../core/history/columns.ts';
import { type History, operations } from '../../../core/history/history.ts';
import type { ClockExposure } from '../../../core/result/finding.ts';
import { rowsByKey } from '../../../core/history/rows.ts';
import { during, picked } from '../engines/columns/scratch.ts';
import { overlapsOf } from '../exposure.ts';

/**
 * A history in which operations on keys of several machines are lengthened by what the clocks leave open, and how much overlaps because of
 * it.
 */
export interface WidenedHistory {
  readonly history: History;
  /** `undefined` if one machine recorded all of it, or no two machines touched the same key. */
  readonly clocks: ClockExposure | undefined;
}

/**
 * Lengthens the operations on keys that several machines touched, at both ends, by the error of their machine's clock: the time during
 * which an operation was really under way lies within. So what is found to be impossible is impossible, and only what the clocks cannot
 * tell is lost. Operations of one session may then overlap. They are not cut back, as a clock's error is the same for all of its
 * operations.
 *
 * @param isWhole if all keys are judged together
 */
export const widenedByClocks = (history: History, isWhole: boolean): WidenedHistory => {
  const { machines, length, key } = history;
  if (machines === undefined || new Set(machines.map(({ agent }) => agent)).size < 2)
    return { history, clocks: undefined };
  const of = new Uint16Array(length);
  let from = 0;
  for (const [place, { rows }] of machines.entries()) {
    of.fill(place, from, from + rows);
    from += rows;
  }
  const agentOf = machines.map(({ agent }) => agent ?? -1);
  const areShared = sharedKeys(history, (row) => agentOf[of[row]!]!, isWhole);
  const epsilonNs = machines.map((one) => one.epsilonNs ?? 0);
  const byNs = Float64Array.from(of, (place, row) => (areShared[key[row]!] === 1 ? epsilonNs[place]! : 0));
  const longer: History = {
    ...history,
    ...columnsOf((name) => {
      if (name === 'call') return history.call.map((time, row) => time - byNs[row]!);
      return name === 'ret' ? history.ret.map((time, row) => time + byNs[row]!) : history[name];
    }),
  };
  const clocks = exposureOf(history, longer, areShared, isWhole);
  return { history: { ...longer, widened: { byNs, of, machines } }, clocks };
};

/** By key, 1 if several machines recorded operations on it. */
const sharedKeys = ({ length, key, keys }: History, agentOf: (row: number) => number, isWhole: boolean): Uint8Array => {
  const shared = new Uint8Array(keys.length);
  if (isWhole) return shared.fill(1);
  const first = new Int32Array(keys.length).fill(noAgent);
  for (let row = 0; row < length; row++) {
    const [place, agent] = [key[row]!, agentOf(row)];
    if (first[place] === noAgent) first[place] = agent;
    else if (first[place] !== agent) shared[place] = 1;
  }
  return shared;
};

const noAgent = -2;

const [sectionOf, elementOf] = [operations.indexOf('section'), operations.indexOf('element')];

const exposureOf = (
  recorded: History,
  longer: History,
  areShared: Uint8Array,
  isWhole: boolean,
): ClockExposure | undefined => {
  const { f, machines = [] } = recorded;
  const parts = isWhole
    ? [Uint32Array.from({ length: recorded.length }, (_, row) => row)]
    : rowsByKey(recorded).filter((rows, at) => rows.length > 0 && areShared[at] === 1);
  if (parts.length === 0) return undefined;
  let [pairs, certain] = [0, 0];
  for (const part of parts) {
    during(() => {
      const rows = picked(part, (row) => f[row] !== sectionOf && f[row] !== elementOf);
      pairs += overlapsOf(longer, rows);
      certain += overlapsOf(recorded, rows);
    });
  }
  const errors = machines.map(({ epsilonNs }) => epsilonNs);
  const errorNs = errors.includes(null) ? null : Math.max(...errors.map(Number));
  return { errorNs, pairs, onlyByError: pairs - certain };
};
