import { operations } from '../../../../core/history/history.ts';
import type { Findings } from '../findings.ts';
import { firstEnd, lastBegin, writerOf } from './key.ts';
import type { Register } from './key.ts';
import { initialRow, lastRow, noRow } from './times.ts';
import { deed, letters, spanWord, valueWord } from '../words.ts';

const read = operations.indexOf('read');

/** The name of a contradiction with the clock in which `late` saw what was gone. */
const ruleOf = ({ history }: Register, late: readonly number[]): string => {
  if (late.includes(lastRow)) return 'lost-write';
  return late.some((row) => row >= 0 && history.f[row] === read) ? 'stale-read' : 'real-time-order';
};

/** Reports that `early`, on `value`, had ended before `late` began, although `late` has to come before it in the chain. */
export const certifyOrder = (
  key: Register,
  findings: Findings,
  [head, value]: readonly [head: number, value: number],
  early: number,
  late: number,
): void => {
  const writer = writerOf(key, value);
  if (early !== writer && key.times.end(early) < key.times.begin(writer))
    findings.add('read-from-the-future', 'same-host', false, () => {
      const rows = [early, writer];
      return { operations: rows, because: [...deeds(key, rows), before(key, rows, early, writer)] };
    });
  else
    findings.add(ruleOf(key, [late]), late === lastRow ? 'clock-free' : 'same-host', false, () => {
      const { found, links } = nearestLate(key, head, value, early, late);
      const rows = real([found, ...links, early]);
      return {
        operations: rows,
        because: [
          ...deeds(key, rows),
          `by the values, ${name(rows, found)} came before ${name(rows, early)}`,
          before(key, rows, early, found),
        ],
      };
    });
};

/** The operation nearest before `early` in the order of the chain that began after `early` had ended, and the writes between. */
const nearestLate = (key: Register, head: number, last: number, early: number, late: number) => {
  const { chains, times, reads } = key;
  let found = noRow;
  let links: number[] = [];
  const look = (row: number): void => {
    if (late === lastRow ? row !== lastRow : !(times.begin(row) > times.end(early))) return;
    found = row;
    links = [];
  };
  for (let value = head; ; value = chains.next[value]!) {
    const writer = writerOf(key, value);
    if (writer !== early && writer !== initialRow) {
      links.push(writer);
      look(writer);
    }
    if (value === last) return { found, links };
    look(reads.beganLast[value]!);
  }
};

/** Reports two chains, by their heads, each with an operation that ended before one on the other began. */
export const certifyStretches = (key: Register, findings: Findings, a: number, b: number): void => {
  const ofA = nearestPair(key, a, firstEnd(key, b), lastBegin(key, b));
  const { times } = key;
  const ofB = nearestPair(key, b, times.end(ofA.ended), times.begin(ofA.began));
  // Being after the initial write, or before the last read, needs no clock.
  const byClock = [
    [ofA.ended, ofB.began],
    [ofB.ended, ofA.began],
  ].some(([ended, began]) => ended !== initialRow && began !== lastRow);
  findings.add(ruleOf(key, [ofA.began, ofB.began]), byClock ? 'same-host' : 'clock-free', false, () => {
    const [first, second] = times.end(ofA.ended) <= times.end(ofB.ended) ? [ofA, ofB] : [ofB, ofA];
    const rows = real([first.ended, ...first.links, second.ended, ...second.links, second.began, first.began]);
    return {
      operations: rows,
      because: [
        ...deeds(key, rows),
        `${stretch(key, first)} at one stretch of time, and so ${stretch(key, second, false)}`,
        `${before(key, rows, first.ended, second.began)}, so that stretch came first`,
        `${before(key, rows, second.ended, first.began)}, so the other one came first`,
      ],
    };
  });
};

interface Pair {
  readonly ended: number;
  readonly began: number;
  /** The values of both, and the writes of the chain between them. */
  readonly values: readonly number[];
  readonly links: readonly number[];
}

/**
 * On one chain, an operation that ended before `late` and one that began after `early`, with as few values between them as possible: what
 * links the two is part of the proof.
 */
const nearestPair = (key: Register, head: number, early: number, late: number): Pair => {
  const { chains, times, reads } = key;
  let best: Pair | undefined;
  let ended: { readonly row: number; readonly values: number[] } | undefined;
  let began: { readonly row: number; readonly values: number[] } | undefined;
  const offer = (values: readonly number[], endedRow: number, beganRow: number): void => {
    if (best !== undefined && best.values.length <= values.length) return;
    const links = values.slice(values.length > 1 ? 1 : 0).map((value) => writerOf(key, value));
    best = { ended: endedRow, began: beganRow, values: [...values], links: values.length > 1 ? links : [] };
  };
  for (let value = head; value >= 0; value = chains.next[value]!) {
    const writer = writerOf(key, value);
    const [reader, lastReader] = [reads.endedFirst[value]!, reads.beganLast[value]!];
    const first = times.end(writer) <= times.end(reader) ? writer : reader;
    const last = times.begin(writer) >= times.begin(lastReader) ? writer : lastReader;
    const [isEnded, isBegan] = [times.end(first) < late, times.begin(last) > early];
    ended?.values.push(value);
    began?.values.push(value);
    if (isEnded && isBegan) offer([value], first, last);
    else if (isBegan && ended !== undefined) offer(ended.values, ended.row, last);
    else if (isEnded && began !== undefined) offer(began.values, first, began.row);
    if (isEnded) ended = { row: first, values: [value] };
    if (isBegan) began = { row: last, values: [value] };
  }
  return best!;
};

const real = (rows: readonly number[]): readonly number[] => [...new Set(rows.filter((row) => row >= 0))];

const name = (rows: readonly number[], row: number): string => {
  if (row === lastRow) return 'the last read';
  return row === initialRow ? 'the initial value' : letters(rows)(row);
};

const deeds = ({ history }: Register, rows: readonly number[]): string[] =>
  rows.map((row) => `${letters(rows)(row)} ${deed(history, row)}`);

const before = (key: Register, rows: readonly number[], ended: number, began: number): string => {
  const [one, other] = [name(rows, ended), name(rows, began)];
  if (ended === initialRow) return `the initial value was there before ${other} began`;
  if (began === lastRow)
    return `${one} had ended before the last read, which found ${valueWord(key.history, key.chains.values.value(key.chains.final))}`;
  return `${one} had ended ${spanWord(key.times.begin(began) - key.times.end(ended))} before ${other} began`;
};

const stretch = ({ history, chains }: Register, { values }: Pair, isFirst = true): string => {
  const words = values.map((value) => valueWord(history, chains.values.value(value)));
  const is = words.length > 1 ? 'were' : 'was';
  const shown = words.length > 5 ? [...words.slice(0, 2), '…', ...words.slice(-2)] : words;
  return isFirst ? `${shown.join(', ')} ${is} there` : `${is} ${shown.join(', ')}`;
};
