import type { MakeLock } from './lock.ts';

/** Nothing is held: what the other modes are measured against, and what loses updates where the target does not protect them. */
export const none: MakeLock = () => ({});
