import type { Mode } from '../../core/plan/plan.ts';
import { loadJars } from '../iteration/cookies.ts';
import { loadRedis } from '../lock/redis/client.ts';

/**
 * Checks whether the packages that modes need, and that are not installed with contend, are there.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const checkPackages = async (modes: readonly Mode[]): Promise<void> => {
  if (modes.some(({ lock }) => lock.name === 'redis')) await loadRedis();
  if (modes.some(({ cookies }) => cookies !== undefined)) await loadJars();
};
