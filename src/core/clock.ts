import type { Micros } from './units.ts';

/** Monotonic time since one epoch for the whole run. Called several times per request: it must not allocate. */
export interface Clock {
  now(): Micros;
}
