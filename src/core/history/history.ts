import { parseJson } from '../exact/parse.ts';

/** What an operation does to the data: the words of a history file's `f`, by the number in its column: new ones go at the end. */
export const operations = [
  // Of a register. `read` is also that of a counter, a stock, a log.
  'read',
  'write',
  'cas',
  // Of a counter: by `delta`; a read or the answer to an add may tell the new value.
  'add',
  // Of a stock: as many pieces as `delta` says are taken, or given back.
  'take',
  'restock',
  // Of something that one at a time may have, by the name in `value`; of a lock or a lease.
  'acquire',
  'release',
  // Of numbers that the target hands out: `value` is the one that was issued.
  'issue',
  // Of a log: `value` is the element, `version` its position; a read tells the length in `version`.
  'append',
  // Between two keys, whose total stays what it is; `value` of a read of all is the total.
  'transfer',
  // A pass through a critical section that has such an operation: from asking for its lock, or, without one, from its first
  // request, to its end. What exposure counts; no model judges it. `operand`: how long it waited for locks, in ns, if it did.
  'section',
  // What a read of a whole list, the row before, saw at the position in `version`; see {@link wholeList}. No operation of its own.
  'element',
  // Of what may be granted so many times: `limit` says how many.
  'grant',
  // What is done once for each key: `value` is what it was answered with.
  'do',
  // Of a queue: `value` is put in; a `take` is given one, or nothing.
  'put',
  // A request that may change what an invariant is about; no more is said of it.
  'change',
  // An answer to an invariant: `value` is what of it the invariant reads, `operand` when it was asked: see {@link askedAt}.
  'ask',
  // Of a set: `value` is removed; an `add` says which it adds, a `read` all of them, as a list in the order of their JSON.
  'remove',
] as const;

/** A word of `f`. */
export type OperationName = (typeof operations)[number];

/** What became of an operation: done; surely not done; or nobody knows, so that it may take effect at any later time. */
export const outcomes = ['ok', 'fail', 'info'] as const;

/** A word of `status`. */
export type Outcome = (typeof outcomes)[number];

/** In the column of outcomes: done. */
export const ok = 0;
/** In the column of outcomes: surely not done. */
export const fail = 1;
/** In the column of outcomes: nobody knows. */
export const info = 2;

/** In a column of values: nothing was said. Test it with `Number.isNaN`. */
export const absent = NaN;

/** In a column of values: that there is nothing at this key, which is a value like any other: the `null` of a history file. */
export const nothing = -Infinity;

/**
 * In `operand` of a log's `read`: it saw the whole list. Rows `element` right behind it tell what was there at which position,
 * but only where no list before had told the same: a list that only grows is stored once, however often it is read. Of an
 * `element`: no list of the key before had told one at that position; 0: another one was told.
 */
export const wholeList = 1;

/** In `operand` of an `ask`: before the load, during it, or when it was over. */
export const askedAt = { before: 0, during: 1, after: 2 } as const;

/** In a column of values: what stands for the first name; the number of each further one is lower by 1. */
export const firstName = -(2 ** 52);

/**
 * In a column of values, while they are judged: what stands for the first name, where the first names are whole numbers beyond
 * 2^53 in ascending order; the number of each further one is higher by 2. So they have their place among all numbers.
 */
export const firstLong = 2 ** 53 + 2;

/** The place in `names` of what a number stands for; −1: it stands for itself, or for nothing said. */
export const nameOf = (number: number): number => {
  if (number <= firstName) return number === nothing ? -1 : firstName - number;
  return number >= firstLong && number !== Infinity ? (number - firstLong) / 2 : -1;
};

/**
 * What a number in a column of values stands for, as JSON has it, a whole number beyond 2^53 as a `bigint`; `undefined`:
 * nothing was said; `null`: nothing is there.
 */
export const valueOf = ({ names }: Pick<History, 'names'>, number: number): unknown => {
  if (Number.isNaN(number)) return undefined;
  if (number === nothing) return null;
  const name = names[nameOf(number)];
  return name === undefined ? number : parseJson(name);
};

/**
 * Operations in columns: row n of each is operation n. 50 bytes each.
 *
 * `call` … `ret` in ns since the run began, both ends included: before the first byte was handed over, after the last byte
 * of the answer was parsed. `ret` is Infinity where the outcome is unknown. One operation is before another where its `ret`
 * is below the other's `call`.
 *
 * Values are numbers as they are, above −2^52 and below 2^53; anything else has a name in `names` and a number that stands for it, counted
 * down from {@link firstName}: two are the same value if and only if their numbers are the same.
 */
export interface History {
  readonly length: number;
  /** A place in `keys`. */
  readonly key: Uint32Array;
  /** Who asked: one session has one operation on its way at a time. */
  readonly session: Uint32Array;
  /** A place in {@link operations}. */
  readonly f: Uint8Array;
  /** A place in {@link outcomes}. */
  readonly status: Uint8Array;
  readonly call: Float64Array;
  readonly ret: Float64Array;
  /** What was written, read, returned, acquired, issued or appended. */
  readonly value: Float64Array;
  /**
   * Of a `cas`, the value or version that it was built on; of `add`, `take`, `restock` and `transfer` the amount (`delta`); of
   * a log's `read` {@link wholeList} where it saw the whole list; of a `grant` how many there may be (`limit`); of a `section`
   * its wait for locks, in ns.
   */
  readonly operand: Float64Array;
  /** The version that the answer told: of the write's result, or of what was read. */
  readonly version: Float64Array;
  readonly keys: readonly string[];
  /** What numbers from {@link firstName} down stand for in `value`, `operand` and `version`: values as JSON text. */
  readonly names: readonly string[];
  /** Who recorded the rows, one after the other; absent: one machine, with one clock. */
  readonly machines?: readonly MachineRows[];
  /** How times were changed for what the clocks of those may be wrong by; absent: they are as they were recorded. */
  readonly widened?: Widened;
}

/** A machine that recorded operations by its own clock. */
export interface Machine {
  /** Its place among the agents of the run, from 0; `null`: the machine that the run was started on. */
  readonly agent: number | null;
  /** How wrong its clock was at most meanwhile, in ns; `null`: unknown. */
  readonly epsilonNs: number | null;
}

/** So many rows are a machine's. */
export interface MachineRows extends Machine {
  readonly rows: number;
}

/** How much longer operations were made at both ends, so that each holds the time at which it was really under way. */
export interface Widened {
  /** By row, in ns. */
  readonly byNs: Float64Array;
  /** By row: a place in `machines`. */
  readonly of: Uint16Array;
  readonly machines: readonly Machine[];
}
