declare const unit: unique symbol;

/** Microseconds since the run's epoch, or a length in them; whole, never negative. */
export type Micros = number & { readonly [unit]: 'µs' };

/** Brands a number of microseconds, rounded down to a whole one. */
export const micros = (us: number): Micros => Math.floor(us) as Micros;

/** Milliseconds as microseconds. */
export const microsFromMs = (ms: number): Micros => Math.round(ms * 1000) as Micros;

/** Microseconds as the milliseconds that a timer takes, rounded up, so that a pause is never shorter than it was declared. */
export const timerMs = (us: number): number => Math.ceil(us / 1000);
