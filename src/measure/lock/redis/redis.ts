import type { MakeLock } from '../lock.ts';
import { RedisGuard } from './guard.ts';
import type { LockOptions } from '../syntax.ts';

/** A lease in Redis: applies across users, threads and machines, for as long as it is renewed. */
export const redis: MakeLock = (options, parts) => {
  const read = options as LockOptions['redis'];
  const section = new RedisGuard(parts, read, parts.text(read.key));
  return { section, open: async () => section.open(), close: async () => section.close() };
};
