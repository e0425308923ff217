import type { FailureClass } from './failure.ts';

/** One measured iteration that was drawn. Times in µs; of attempts that ended in a conflict only `retriesUs` tells. */
export interface DrawnIteration {
  /** What it was drawn by: the smallest are taken. 32 bits that follow from seed, mode, round and iteration. */
  readonly key: number;
  readonly round: number;
  /** The thread, from 0. */
  readonly worker: number;
  readonly user: number;
  readonly iteration: number;
  /** When it was due, since the measured part of its slot began. */
  readonly startedUs: number;
  readonly outcome: 'completed' | 'failed' | 'interrupted';
  readonly failure?: FailureClass;
  /** Absent where it has none: a failure that is not a time-out, an interruption. */
  readonly responseUs?: number;
  readonly queueWaitUs: number;
  readonly sendLagUs: number;
  readonly lockWaitUs: number;
  readonly serviceUs: number;
  readonly connectUs: number;
  readonly retriesUs: number;
}

/** The `size` iterations with the smallest keys: of all that were measured, each had the same chance. */
export interface Draw {
  readonly size: number;
  /** The smallest key first; of equal ones the lowest round and iteration. */
  readonly rows: readonly DrawnIteration[];
}

/** What a run draws from: filled in slot by slot, for whoever writes it down. */
export interface Draws {
  readonly size: number;
  readonly byMode: Map<string, Draw>;
}

/**
 * The draw from all that several draws were taken from; at least one.
 *
 * Whatever is among the smallest of all is among the smallest of its part, so nothing is missing, whoever had which part.
 */
export const mergeDraws = (parts: readonly [Draw, ...Draw[]]): Draw => {
  const size = Math.min(...parts.map((part) => part.size));
  return {
    size,
    rows: parts
      .flatMap(({ rows }) => rows)
      .toSorted((a, b) => a.key - b.key || a.round - b.round || a.iteration - b.iteration)
      .slice(0, size),
  };
};
