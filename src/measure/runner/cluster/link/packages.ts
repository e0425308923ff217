import type * as bullmq from 'bullmq';
import type * as ioredis from 'ioredis';
import { loadOptional } from '../../../../core/optional-package.ts';

/** BullMQ and ioredis, as far as they are used. */
export interface Packages {
  readonly bullmq: Pick<typeof bullmq, 'Queue' | 'Worker'>;
  readonly ioredis: Pick<typeof ioredis, 'Redis'>;
}

const importPackages = async (): Promise<Packages> => {
  const [queues, connections] = await Promise.all([import('bullmq'), import('ioredis')]);
  return { bullmq: queues, ioredis: connections };
};

/** Loads only what talking to Redis takes, in half the time. @throws {ContendError} ERR_MISSING_PACKAGE */
export const loadConnecting = async (user: string): Promise<Pick<Packages, 'ioredis'>> =>
  loadOptional(async () => ({ ioredis: await import('ioredis') }), { user, name: 'ioredis', install: ['ioredis'] });

/**
 * Loads what runs on several machines need, which is not installed with contend.
 *
 * @param user what needs it, as a sentence begins: `contend agent`
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadPackages = async (user: string, load: typeof importPackages = importPackages): Promise<Packages> =>
  loadOptional(load, { user, name: 'bullmq', install: ['bullmq', 'ioredis'] });
