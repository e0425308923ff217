import type { Clock } from '../../core/clock.ts';
import { ContendError } from '../../core/errors.ts';
import type { Mode } from '../../core/plan.ts';
import { newUser } from '../iteration/user.ts';
import { openOutside } from './exchanges.ts';

/**
 * Asks the target for its headers once. Any answer will do: it shows that something speaks HTTP there.
 *
 * @throws {ContendError} ERR_TARGET_UNREACHABLE
 */
export const preflight = async (mode: Mode, origin: string, clock: Clock, signal: AbortSignal): Promise<void> => {
  const outside = openOutside(mode, origin, clock, signal);
  try {
    const user = newUser(0, 0);
    const timeoutUs = mode.timeouts.connectUs;
    await outside.transport.prepare({ method: 'HEAD', path: '/', headers: [], keep: 'status', timeoutUs })(user);
    const { failure, detail } = user.exchange;
    // Connected, but slow to answer this one: the scenario's own requests have their own limits.
    if (failure === undefined || failure === 'timeout' || failure === 'aborted') return;
    throw new ContendError(
      'ERR_TARGET_UNREACHABLE',
      `${origin} cannot be reached (${failure}): ${detail}`,
      'Is the server running there, and is the address right? --target gives another one.',
    );
  } finally {
    await outside.transport.close();
  }
};
