import type { MakeLock } from './lock.ts';

/** At most `permits` users inside at once, first come first served. With more than one it excludes no user: it only limits. */
export const semaphore: MakeLock = (options, { guard }) => ({
  section: guard({ name: 'semaphore', room: (options as { readonly permits: number }).permits }),
});
