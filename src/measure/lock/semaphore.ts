import type { MakeLock } from './lock.ts';

/** At most so many inside at once, first come first served. With more than one it excludes nobody: it only limits. */
export const semaphore: MakeLock = (options, { guard }) => ({
  section: guard({ name: 'semaphore', room: (options as { readonly permits: number }).permits }),
});
