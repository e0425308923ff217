import { operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Findings } from '../findings.ts';
import type { SessionEdge } from './session-graph.ts';
import { deed, letters, valueWord } from '../words.ts';

const read = operations.indexOf('read');

/** The guarantee that is broken if a session did `first`, and then `then` as if it had not. */
export const sessionRule = ({ f }: History, first: number, then: number): string => {
  if (f[then] === read) return f[first] === read ? 'monotonic-reads' : 'read-your-writes';
  return f[first] === read ? 'writes-follow-reads' : 'monotonic-writes';
};

const did = (history: History, rows: readonly number[]): string[] =>
  rows.map((row) => `${letters(rows)(row)} of session ${history.session[row]!} ${deed(history, row)}`);

/**
 * Reports that a session did the first two rows in this order, though they had to happen in the other. The remaining rows link the two, and
 * are computed only if the contradiction is shown.
 */
export const certifyPair = (
  history: History,
  findings: Findings,
  rule: string,
  [first, then]: readonly [first: number, then: number],
  why: string,
  links: () => readonly number[] = () => [],
): void =>
  findings.add(rule, 'session', true, () => {
    const certificate = [...new Set([first, then, ...links()])];
    return {
      operations: certificate,
      because: [...did(history, certificate), `one session did A and then B, yet ${why} B came before A`],
    };
  });

/**
 * Reports that the last read found a value that had been overwritten, by `overwritten`; below 0, by any write other than those that lead
 * from one value to the next up to the last.
 *
 * @param isApart whether a row did or saw such a write
 */
export const certifyLast = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  overwritten: number,
  final: number,
  isApart: (row: number) => boolean,
): void =>
  findings.add('lost-write', 'clock-free', false, () => {
    const isOther = (row: number): boolean => history.status[row] === 0 && isApart(row);
    const other = rows.find((row) => history.f[row] !== read && isOther(row)) ?? rows.find(isOther);
    const certificate = overwritten >= 0 ? [overwritten] : other === undefined ? [] : [other];
    return {
      operations: certificate,
      because: [
        ...did(history, certificate),
        `the last read, after everything, found ${valueWord(history, final)}, which was there before that`,
      ],
    };
  });

/** Reports sessions that saw the values of the key in orders that cannot all be right. */
export const certifyCycle = (
  history: History,
  findings: Findings,
  cycle: readonly SessionEdge[],
  valueOf: (row: number) => number,
  next: Int32Array,
  writer: Int32Array,
  place: Int32Array,
): void =>
  findings.add('coherence', 'session', false, () => {
    // Consecutive steps of one session become one pair, from its first to its last; but at least two pairs remain.
    const pairs: SessionEdge[] = [];
    let spare = cycle.length - 2;
    for (const edge of cycle) {
      const last = pairs.at(-1);
      if (last?.toRow === edge.fromRow && spare-- > 0)
        pairs[pairs.length - 1] = { fromRow: last.fromRow, toRow: edge.toRow };
      else pairs.push(edge);
    }
    const links = pairs.flatMap(({ toRow }, at) => {
      const [one, other] = [valueOf(toRow), valueOf(pairs[(at + 1) % pairs.length]!.fromRow)];
      const [low, high] = place[one]! <= place[other]! ? [one, other] : [other, one];
      const between: number[] = [];
      for (let value = low; value !== high; value = next[value]!) between.push(writer[next[value]!]!);
      return between;
    });
    const rows = [...new Set([...pairs.flatMap(({ fromRow, toRow }) => [fromRow, toRow]), ...links])];
    const letter = letters(rows);
    return {
      operations: rows,
      because: [
        ...did(history, rows),
        ...pairs.map(
          ({ fromRow, toRow }) => `session ${history.session[fromRow]!} did ${letter(fromRow)} before ${letter(toRow)}`,
        ),
        'each of these values was there at one stretch of time, or followed right on the one before: no order of them is that of all sessions',
      ],
    };
  });
