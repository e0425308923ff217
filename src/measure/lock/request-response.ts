import type { MakeLock } from './lock.ts';

/**
 * Two locks in a fixed order. The request lock is held from before the section's first request to the last byte of its last
 * answer. The response lock, acquired before the request lock is released, is held while that answer is processed.
 *
 * Excludes like a mutex, but one response is processed while the next request is already on its way. With `nested` the
 * request lock is held throughout.
 */
export const requestResponse: MakeLock = (options, { guard }) => ({
  section: guard({ name: 'request', room: 1 }),
  processing: guard({ name: 'response', room: 1 }),
  nested: (options as { readonly nested: boolean }).nested,
});
