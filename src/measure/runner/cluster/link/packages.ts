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

/** Loads what it takes to talk with Redis and no more, which is half of the time. @throws {ContendError} ERR_MISSING_PACKAGE */
export const loadConnecting = async (user: string): Promise<Pick<Packages, 'ioredis'>> =>
  loadOptional(async () => ({ ioredis: await import('ioredis') }), { user, name: 'ioredis', install: ['ioredis'] });

/**
 * Loads what several machines need, which is not installed with contend.
 *
 * @param user who needs it, as a sentence begins: `contend agent`
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadPackages = async (user: string, load: typeof importPackages = importPackages): Promise<Packages> =>
  loadOptional(load, { user, name: 'bullmq', install: ['bullmq', 'ioredis'] });
