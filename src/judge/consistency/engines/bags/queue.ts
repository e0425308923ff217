import { fail, type History, info, nothing, ok, operations } from '../../../../core/history/history.ts';
import type { Contradiction, Engine } from '../engine.ts';
import type { LogLists } from '../lists/places.ts';
import { letter, plural } from '../phrase.ts';
import { valueWord } from '../words.ts';

const [putOf, takeOf] = (['put', 'take'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** What was done with one value. */
interface Copies {
  /** Rows by the time of their calls, including those of unknown outcome. */
  readonly puts: number[];
  /** How many of them are known to be done. */
  surely: number;
  /** Rows of takes that got the value. */
  readonly takes: number[];
  /** How often it was there before, at most. */
  before: number;
  /** How often it is there afterwards. */
  after: number;
}

/** What is known of a queue apart from its operations. */
interface Ends extends LogLists {
  /** A take that found nothing after everything else had ended; −1 if there is none. */
  readonly empty: number;
}

/**
 * Judges what is put in and taken out, in any order: nothing is taken twice, and nothing that was not put in. Losses show if the queue was
 * read afterwards, or was found empty after everything had ended. If its initial content is unknown, a value that was never put in counts
 * as having been there once, and one that was put in as not having been there. Exact if the end is known.
 *
 * Rules: `taken-twice`, `taken-from-nothing`, `taken-before-put`, `still-there`, `lost`, each in values.
 */
export const queue =
  (lists: LogLists): Engine =>
  (history, rows) => {
    const ends = { ...lists, empty: lists.final === undefined ? emptyAtLast(history, rows) : -1 };
    const copies = copiesOf(history, rows, ends);
    const openTakes = Array.from(rows).filter(
      (row) =>
        history.f[row] === takeOf &&
        (history.status[row] === info || (history.status[row] === ok && Number.isNaN(history.value[row]!))) &&
        (ends.empty < 0 || history.call[row]! <= history.ret[ends.empty]!),
    ).length;
    return [
      ...takenTwice(history, copies, ends),
      ...takenEarly(history, copies),
      ...stillThere(history, copies, ends),
      ...lost(history, copies, ends, openTakes),
    ];
  };

/** The first take that found nothing once everything known to be done had ended; −1 if there is none. */
export const emptyAtLast = ({ f, status, value, call, ret }: History, rows: Uint32Array): number => {
  const isEmpty = (row: number): boolean => f[row] === takeOf && value[row] === nothing;
  let [ended, first] = [-Infinity, -1];
  for (const row of rows) if (status[row] === ok && !isEmpty(row)) ended = Math.max(ended, ret[row]!);
  for (const row of rows)
    if (status[row] === ok && isEmpty(row) && call[row]! > ended && (first < 0 || ret[row]! < ret[first]!)) first = row;
  return first;
};

/** Null and values that were not told are not values: they match nothing in the queue. */
const isValue = (value: number): boolean => value !== nothing && !Number.isNaN(value);

/** Whether a value may have been there more than once, so that it cannot be told which copy was taken. */
export const areSeveral = (history: History, rows: Uint32Array, { initial }: LogLists): boolean => {
  const there = new Set(initial);
  if (there.size < (initial?.length ?? 0)) return true;
  return rows.some((row) => {
    const value = history.value[row]!;
    if (history.f[row] !== putOf || history.status[row] === fail || !isValue(value)) return false;
    const { size } = there;
    return there.add(value).size === size;
  });
};

const copiesOf = (history: History, rows: Uint32Array, { initial, final }: Ends): ReadonlyMap<number, Copies> => {
  const { f, status, value, call } = history;
  const all = new Map<number, Copies>();
  const of = (one: number): Copies => {
    const known = all.get(one);
    if (known !== undefined) return known;
    const fresh = { puts: [], surely: 0, takes: [], before: 0, after: 0 };
    all.set(one, fresh);
    return fresh;
  };
  for (const row of rows) {
    const one = value[row]!;
    if (!isValue(one)) continue;
    if (f[row] === putOf && status[row] !== fail) {
      of(one).puts.push(row);
      if (status[row] === ok) of(one).surely++;
    } else if (f[row] === takeOf && status[row] === ok) of(one).takes.push(row);
  }
  for (const one of initial?.filter(isValue) ?? []) of(one).before++;
  for (const one of final?.filter(isValue) ?? []) of(one).after++;
  for (const one of all.values()) {
    one.puts.sort((a, b) => call[a]! - call[b]!);
    one.takes.sort((a, b) => call[a]! - call[b]!);
    if (initial === undefined && one.puts.length === 0) one.before = 1;
  }
  return all;
};

const takenTwice = (
  history: History,
  copies: ReadonlyMap<number, Copies>,
  { initial }: Ends,
): readonly Contradiction[] => {
  const found = [...copies].filter(([, { puts, takes, before }]) => takes.length > puts.length + before);
  return (['taken-twice', 'taken-from-nothing'] as const).flatMap((rule) => {
    const own = found.filter(([, { puts, before }]) => puts.length + before > 0 === (rule === 'taken-twice'));
    const [first] = own;
    if (first === undefined) return [];
    const [value, { puts, takes, before }] = first;
    const many = own.reduce((sum, [, one]) => sum + one.takes.length - one.puts.length - one.before, 0);
    const word = valueWord(history, value);
    const operations = [...takes.slice(0, 2), ...puts.slice(0, 1)];
    const because =
      rule === 'taken-twice'
        ? `${word} was given to ${plural(takes.length, 'take')}, and ${puts.length + before === 1 ? 'was there once' : `there were ${puts.length + before} of it`}.`
        : `${word} was given to ${letter(0)}, and nobody had put it in${initial === undefined ? '' : ', nor was it there before'}.`;
    return [
      {
        rule,
        evidence: 'clock-free' as const,
        operations,
        because: [
          because,
          `${plural(many, 'take')} of this queue ${many === 1 ? 'was' : 'were'} given what was not there.`,
        ],
        atLeast: many,
        atMost: many,
      },
    ];
  });
};

/**
 * A take gets what was put in by then: the first take needs one put that was called before the take ended, the second needs two, and so on.
 */
const takenEarly = (
  { call, ret, ...history }: History,
  copies: ReadonlyMap<number, Copies>,
): readonly Contradiction[] => {
  const early: (readonly [take: number, put: number, value: number])[] = [];
  for (const [value, { puts, takes, before }] of copies) {
    if (takes.length > puts.length + before) continue;
    const byEnd = takes.toSorted((a, b) => ret[a]! - ret[b]!);
    for (let at = before; at < byEnd.length; at++)
      if (call[puts[at - before]!]! > ret[byEnd[at]!]!) early.push([byEnd[at]!, puts[at - before]!, value]);
  }
  const [first] = early;
  if (first === undefined) return [];
  const [take, put, value] = first;
  return [
    {
      rule: 'taken-before-put',
      evidence: 'same-host',
      operations: [take, put],
      because: [`A had been given ${valueWord(history, value)} when B began to put it in.`],
      atLeast: early.length,
      atMost: early.length,
    },
  ];
};

const stillThere = (
  history: History,
  copies: ReadonlyMap<number, Copies>,
  { final }: Ends,
): readonly Contradiction[] => {
  if (final === undefined) return [];
  const tooMany = ({ puts, takes, before, after }: Copies): number =>
    after - Math.max(0, before + puts.length - takes.length);
  const found = [...copies].filter(([, one]) => one.after > 0 && tooMany(one) > 0);
  const [first] = found;
  if (first === undefined) return [];
  const [value, { takes, puts }] = first;
  const many = found.reduce((sum, [, one]) => sum + tooMany(one), 0);
  const word = valueWord(history, value);
  return [
    {
      rule: 'still-there',
      evidence: 'clock-free',
      operations: [...takes.slice(0, 1), ...puts.slice(0, 1)],
      because: [
        takes.length > 0
          ? `${word} was given to A, and was still there when all had ended.`
          : `${word} was there when all had ended more often than it was put in.`,
      ],
      atLeast: many,
      atMost: many,
    },
  ];
};

const lost = (
  history: History,
  copies: ReadonlyMap<number, Copies>,
  { final, empty }: Ends,
  openTakes: number,
): readonly Contradiction[] => {
  if (final === undefined && empty < 0) return [];
  const missing = ({ surely, takes, before, after }: Copies): number => before + surely - takes.length - after;
  const found = [...copies].filter(([, one]) => missing(one) > 0);
  const many = found.reduce((sum, [, one]) => sum + missing(one), 0);
  if (many <= openTakes) return [];
  const [value, { puts }] = found[0]!;
  const put = puts.filter((row) => history.status[row] === ok).slice(0, 1);
  const end = empty < 0 ? 'was not there when all had ended' : `${letter(put.length)} found nothing when all had ended`;
  return [
    {
      rule: 'lost',
      evidence: empty < 0 ? 'clock-free' : 'same-host',
      operations: [...put, ...(empty < 0 ? [] : [empty])],
      because: [
        `${valueWord(history, value)} ${put.length > 0 ? 'was put in by A' : 'was there before'}, was never taken, and ${end}.`,
        `${plural(many, 'value')} of this queue ${many === 1 ? 'is' : 'are'} gone${openTakes === 0 ? '' : `, of which ${plural(openTakes, 'take')} of unknown outcome may have been given one`}.`,
      ],
      atLeast: many - openTakes,
      atMost: many,
    },
  ];
};
