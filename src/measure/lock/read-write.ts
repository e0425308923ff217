import type { MakeLock } from './lock.ts';

/**
 * Shared by critical sections that only read, exclusive for one that does not. First come first served: a reader does not
 * pass a waiting writer. With a key there is one lock for each of its values.
 */
export const readWrite: MakeLock = (options, { guard, text }) => {
  const { key } = options as { readonly key?: string };
  return { section: guard({ name: 'read-write', room: 'readers', ...(key !== undefined && { key: text(key) }) }) };
};
