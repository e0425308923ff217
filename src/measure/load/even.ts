import type { MakeGap } from './gap.ts';

/** Equally spaced; the first arrival is due at once. */
export const even: MakeGap = () => (arrival) => (arrival === 0 ? 0 : 1);
