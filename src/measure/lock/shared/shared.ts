import { Cell, wordsOfCell, type CellShape, type SharedWords } from './cell.ts';
import { LinePerKey, OneLine, roomOf } from '../local/line.ts';
import type { Guard, GuardOptions, GuardSpec, MakeGuard } from '../lock.ts';
import type { SharedLine } from './line.ts';
import { SharedMutex } from './mutex.ts';
import { SharedRoom } from './room.ts';
import { stripeOf, stripes } from './stripes.ts';
import { Waiters } from '../local/waiters.ts';

/** How many users of other threads may be let in while a thread waits. With more threads than that, each lets in one. */
const passesAtMost = 16;

/**
 * A single lock: a turn for each thread's ticket, and one for the next ticket of the one inside. Many locks: compact, with
 * one turn for all.
 */
const shapeOf = ({ key }: GuardSpec, threads: number): CellShape =>
  key === undefined ? { stride: 16, turns: 2 ** Math.ceil(Math.log2(threads + 1)) } : { stride: 1, turns: 4 };

const wordsFor = (spec: GuardSpec, threads: number): number =>
  wordsOfCell(shapeOf(spec, threads)) * (spec.key === undefined ? 1 : stripes);

/** Memory for these guards, to be shared by this many threads, with every lock in it free. A guard with a key takes 2 MB. */
export const lockMemory = (guards: readonly GuardSpec[], threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(
    guards.reduce((words, spec) => words + wordsFor(spec, threads), 0) * Int32Array.BYTES_PER_ELEMENT,
  );

/**
 * Makes guards that work across threads. Each of these threads makes the same ones in the same order, over the same memory.
 *
 * With any lock, no thread is passed over more than 16 times: while one of its users waits, the lock is given to at most 16
 * users of other threads or, with more than 17 threads, to one of each. Tickets are served in order, and a thread only draws
 * its next one when it has none or has had its turn, so before a thread's turn comes each other thread has one turn at most.
 * In a turn a thread lets in no more than 16 ÷ (threads − 1) of its users while another thread waits; {@link SharedMutex}
 * and {@link SharedRoom} say which users count. `test/measure/lock/shared/interleavings.test.ts` takes both through every
 * order of their atomic operations.
 *
 * With a lock for each key, two keys may share one: they then wait for each other, but exclude no less.
 */
export const sharedGuards = (memory: SharedArrayBuffer, threads: number, how: GuardOptions): MakeGuard => {
  let from = 0;
  return (spec) => {
    const length = wordsFor(spec, threads);
    const words: SharedWords = new Int32Array(memory, from, length);
    from += length * Int32Array.BYTES_PER_ELEMENT;
    return sharedGuard(spec, words, threads, how);
  };
};

const sharedGuard = (spec: GuardSpec, words: SharedWords, threads: number, how: GuardOptions): Guard => {
  const shape = shapeOf(spec, threads);
  const cellWords = wordsOfCell(shape);
  const room = roomOf(spec);
  const shared = {
    waiters: new Waiters(how),
    room,
    passesAtMost: Math.max(1, Math.floor(passesAtMost / (threads - 1))),
  };
  const newLine = (idle: () => void): SharedLine => {
    const parts = { ...shared, cell: new Cell(words, shape), idle };
    return room === 1 ? new SharedMutex(parts) : new SharedRoom(parts);
  };
  const parts = { spec, signal: how.signal, waiting: () => waitingIn(words, shape) };
  const { key } = spec;
  if (key === undefined)
    return new OneLine(
      parts,
      newLine(() => undefined),
    );
  return new LinePerKey(parts, {
    keyOf: (user) => stripeOf(key(user)),
    newLine,
    give: (line, stripe) => line.moveTo(stripe * cellWords),
  });
};

/** Summed over all cells of a guard. */
const waitingIn = (words: SharedWords, shape: CellShape): number => {
  const cell = new Cell(words, shape);
  let waiting = 0;
  for (let at = 0; at < words.length; at += wordsOfCell(shape)) {
    cell.moveTo(at);
    waiting += Atomics.load(words, cell.waiting);
  }
  return waiting;
};
