import type { MakeLock } from './lock.ts';

/** One mutex for each value of a template: users with different values do not wait for each other. */
export const keyed: MakeLock = (options, { guard, text }) => {
  const { key } = options as { readonly key: string };
  return { section: guard({ name: 'keyed', room: 1, key: text(key) }) };
};
