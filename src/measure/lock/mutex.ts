import type { MakeLock } from './lock.ts';

/** One lock over the whole critical section, first come first served. */
export const mutex: MakeLock = (_options, { guard }) => ({ section: guard({ name: 'mutex', room: 1 }) });
