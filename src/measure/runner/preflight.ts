import type { Clock } from '../../core/clock.ts';
import { ContendError, messageOf } from '../../core/errors.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import type { Mode } from '../../core/plan/plan.ts';
import { isMetadata } from '../../core/reach.ts';
import type { HttpVersion } from '../../core/result/result.ts';
import type { Endpoint } from '../../core/slot.ts';
import { lockOf } from '../engine/lock-of.ts';
import { newUser } from '../user.ts';
import { resolveAddresses } from '../transport/connect/address.ts';
import { connectFailure } from '../transport/failure.ts';
import { parseProxy } from '../transport/connect/proxy.ts';
import { openOutside } from './exchanges.ts';

const hints: { readonly [failure in FailureClass]?: string } = {
  dns: 'Is the name spelled right, and does this machine know it? --target gives another one.',
  tls: 'For an authority that is not known: tls: { ca: ca.pem } in the scenario, or NODE_EXTRA_CA_CERTS=ca.pem; for a certificate of another name: tls: { servername: … }; -k verifies nothing. And https:// needs a server that speaks TLS.',
  protocol: 'Something else than a server for HTTP/1.1 answers there. --target gives another address.',
  generator: 'It is this machine that cannot go on, not the target.',
};

const hintOf = (failure: FailureClass, detail: string): string | undefined => {
  if (detail.startsWith('proxy '))
    return 'Is it the right proxy? --proxy gives another one, --proxy none goes without; where no file and no flag names it, it is that of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY.';
  return detail.includes('wrong version number') ? 'What is there does not speak TLS: write http://.' : hints[failure];
};

const unreachable = (
  origin: string,
  failure: FailureClass,
  detail: string,
  hint = hintOf(failure, detail),
): ContendError =>
  new ContendError(
    'ERR_TARGET_UNREACHABLE',
    `${withoutPassword(origin)} cannot be reached (${failure}): ${detail}`,
    hint ?? 'Is the server running there, and is the address right? --target gives another one.',
  );

const wantsCredentials = (origin: string, proxy: string): ContendError => {
  const { shown, authorization } = parseProxy(proxy);
  const detail = `proxy ${shown}: it ${authorization === undefined ? 'wants credentials' : 'does not take these credentials'} (407)`;
  return unreachable(origin, 'connect', detail, 'Write them into its address: http://user:password@proxy:3128.');
};

/** `http://user:secret@host` as it may be shown. */
const withoutPassword = (origin: string): string => origin.replace(/^(https?:\/\/)[^/@]*@/, '$1***@');

/**
 * The addresses of a target, of which the system is asked once per run: a name server that answers differently later is
 * not heard.
 *
 * @throws {ContendError} ERR_TARGET_UNREACHABLE; ERR_FORBIDDEN_HOST where a name leads to a cloud's metadata service
 * @throws the signal's reason, at once: a name server may take its time
 */
export const addressesOf = async (origin: string, signal: AbortSignal): Promise<readonly string[]> => {
  signal.throwIfAborted();
  let interrupted: (() => void) | undefined;
  try {
    const interruption = new Promise<never>((_, reject) => {
      // The command's own word for it, and no Error: what a run that was interrupted ends with.
      interrupted = () => reject(signal.reason as Error);
      signal.addEventListener('abort', interrupted, { once: true });
    });
    return allowed(origin, await Promise.race([resolveAddresses(origin), interruption]));
  } catch (error) {
    if (signal.aborted || error instanceof ContendError) throw error;
    throw unreachable(origin, connectFailure(error as Error), messageOf(error));
  } finally {
    signal.removeEventListener('abort', interrupted!);
  }
};

/** The addresses, none of which hands out a machine's credentials: whatever the scenario's host is called. */
const allowed = (origin: string, addresses: readonly string[]): readonly string[] => {
  const forbidden = addresses.find(isMetadata);
  if (forbidden === undefined) return addresses;
  throw new ContendError(
    'ERR_FORBIDDEN_HOST',
    `${withoutPassword(origin)} is ${forbidden}: link-local, or where a cloud hands out the credentials of a machine.`,
    'No load is sent there, and no flag allows it.',
  );
};

/**
 * Asks the target for its headers once. Any answer will do: it shows that something speaks HTTP there. Not that a proxy
 * wants credentials: that is the proxy's own.
 *
 * @returns which HTTP that was
 * @throws {ContendError} ERR_TARGET_UNREACHABLE
 */
export const preflight = async (
  mode: Mode,
  endpoint: Endpoint,
  clock: Clock,
  signal: AbortSignal,
): Promise<HttpVersion> => {
  const outside = await openOutside(mode, endpoint, clock, signal);
  try {
    const user = newUser(0, 0);
    const timeoutUs = mode.timeouts.connectUs;
    await outside.transport.prepare({ method: 'HEAD', path: '/', headers: [], keep: 'status', timeoutUs })(user);
    const { failure, detail, status } = user.exchange;
    if (endpoint.proxy !== undefined && status === 407) throw wantsCredentials(endpoint.origin, endpoint.proxy);
    // Connected, but slow to answer this one: the scenario's own requests have their own limits.
    if (failure === undefined || failure === 'timeout' || failure === 'aborted') return outside.transport.httpVersion;
    throw unreachable(endpoint.origin, failure, detail);
  } finally {
    await outside.transport.close();
  }
};

/**
 * Opens a mode's lock and closes it again: whether the server that keeps it, where there is one, can be asked.
 *
 * @throws {ContendError} ERR_REDIS, ERR_MISSING_PACKAGE
 */
export const preflightLock = async (mode: Mode, clock: Clock): Promise<void> => {
  const { signal } = new AbortController();
  const { open, close } = lockOf(mode, { clock, signal, memory: undefined, threads: 1 });
  if (open === undefined) return;
  try {
    await open();
  } finally {
    await close?.();
  }
};
