import type { Clock } from '../../core/clock.ts';
import { ContendError } from '../../core/errors.ts';
import type { FailureClass } from '../../core/failure.ts';
import type { Mode } from '../../core/plan.ts';
import type { Endpoint } from '../../core/slot.ts';
import { newUser } from '../iteration/user.ts';
import { openOutside } from './exchanges.ts';

const hints: { readonly [failure in FailureClass]?: string } = {
  dns: 'Is the name spelled right, and does this machine know it? --target gives another one.',
  tls: 'NODE_EXTRA_CA_CERTS=ca.pem makes the authority that signed its certificate known; https:// needs a server that speaks TLS.',
  protocol: 'Something else than a server for HTTP/1.1 answers there. --target gives another address.',
  generator: 'It is this machine that cannot go on, not the target.',
};

/**
 * Asks the target for its headers once. Any answer will do: it shows that something speaks HTTP there.
 *
 * @throws {ContendError} ERR_TARGET_UNREACHABLE
 */
export const preflight = async (mode: Mode, endpoint: Endpoint, clock: Clock, signal: AbortSignal): Promise<void> => {
  const outside = openOutside(mode, endpoint, clock, signal);
  try {
    const user = newUser(0, 0);
    const timeoutUs = mode.timeouts.connectUs;
    await outside.transport.prepare({ method: 'HEAD', path: '/', headers: [], keep: 'status', timeoutUs })(user);
    const { failure, detail } = user.exchange;
    // Connected, but slow to answer this one: the scenario's own requests have their own limits.
    if (failure === undefined || failure === 'timeout' || failure === 'aborted') return;
    throw new ContendError(
      'ERR_TARGET_UNREACHABLE',
      `${endpoint.origin} cannot be reached (${failure}): ${detail}`,
      hints[failure] ?? 'Is the server running there, and is the address right? --target gives another one.',
    );
  } finally {
    await outside.transport.close();
  }
};
