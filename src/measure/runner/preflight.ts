import { TLSSocket } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import { ContendError } from '../../core/errors.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import type { Mode } from '../../core/plan/plan.ts';
import { isMetadata } from '../../core/reach.ts';
import type { HttpVersion } from '../../core/result/result.ts';
import type { Endpoint } from '../../core/slot.ts';
import { lockOf } from '../engine/lock-of.ts';
import { resolveAddresses } from '../transport/connect/address.ts';
import { diallerOf } from '../transport/connect/dial.ts';
import { parseOrigin } from '../transport/connect/origin.ts';
import { routeOf } from '../transport/connect/route.ts';
import { codeOf, connectFailure, detailOf } from '../transport/failure.ts';
import { protocolsOf, sharingOf } from '../transport/index.ts';

const hints: { readonly [failure in FailureClass]?: string } = {
  dns: 'Is the name spelled right, and does this machine know it?',
  tls: 'https:// needs a server that speaks TLS; -k turns verification off.',
  generator: 'The problem is on this machine, not at the target.',
};

/** How to fix a rejected certificate, by the code of OpenSSL or Node. */
const ofCertificates: readonly (readonly [code: RegExp, hint: string])[] = [
  [/^CERT_HAS_EXPIRED$/u, 'It has to be renewed there. -k turns verification off.'],
  [/^CERT_NOT_YET_VALID$/u, 'Is the clock of this machine right? -k turns verification off.'],
  [
    /^(ERR_TLS_CERT_ALTNAME_\w+|HOSTNAME_MISMATCH)$/u,
    'It is for another name: tls: { servername: … } in the scenario asks for that one. -k turns verification off.',
  ],
  [
    /^(UNABLE_TO_\w+|SELF_SIGNED_\w+|DEPTH_ZERO_\w+|CERT_UNTRUSTED|INVALID_CA)$/u,
    'If you trust who signed it: tls: { ca: ca.pem } in the scenario, or NODE_EXTRA_CA_CERTS=ca.pem. -k turns verification off.',
  ],
];

const hintOf = (failure: FailureClass, error: Error): string | undefined => {
  if (error.message.startsWith('proxy '))
    return 'Is it the right proxy? --proxy names another one, --proxy none uses none; by default it is that of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY.';
  if (error.message.includes('wrong version number')) return 'The server there does not speak TLS: write http://.';
  const code = codeOf(error);
  return ofCertificates.find(([of]) => of.test(code))?.[1] ?? hints[failure];
};

const unreachable = (origin: string, error: Error): ContendError => {
  const failure = connectFailure(error);
  return new ContendError(
    'ERR_TARGET_UNREACHABLE',
    `${withoutPassword(origin)} cannot be reached (${failure}): ${detailOf(error)}`,
    hintOf(failure, error) ?? 'Is the server running there, and is the address right?',
  );
};

const speaksNoHttp2 = (origin: string): ContendError =>
  new ContendError(
    'ERR_TARGET_UNREACHABLE',
    `${withoutPassword(origin)} does not offer HTTP/2 in TLS (ALPN).`,
    'Turn it on there, or write http2: auto to use HTTP/1.1; perhaps a proxy that terminates TLS answers instead.',
  );

/** `http://user:secret@host` as it may be shown. */
const withoutPassword = (origin: string): string => origin.replace(/^(https?:\/\/)[^/@]*@/, '$1***@');

/**
 * The addresses of a target. The system is asked for them once per run: a name server that answers differently later has no
 * effect.
 *
 * @throws {ContendError} ERR_TARGET_UNREACHABLE; ERR_FORBIDDEN_HOST if a name leads to a cloud's metadata service
 * @throws the signal's reason, at once: a name server may take its time
 */
export const addressesOf = async (origin: string, signal: AbortSignal): Promise<readonly string[]> => {
  signal.throwIfAborted();
  let interrupted: (() => void) | undefined;
  try {
    const interruption = new Promise<never>((_, reject) => {
      // The command's own reason, which is not an Error: an interrupted run ends with it.
      interrupted = () => reject(signal.reason as Error);
      signal.addEventListener('abort', interrupted, { once: true });
    });
    return allowed(origin, await Promise.race([resolveAddresses(origin), interruption]));
  } catch (error) {
    if (signal.aborted || error instanceof ContendError) throw error;
    throw unreachable(origin, error as Error);
  } finally {
    signal.removeEventListener('abort', interrupted!);
  }
};

/** The addresses, if none of them hands out a machine's credentials, whatever the scenario's host is called. */
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
 * Connects to a target once: TCP, the proxy if there is one, TLS. Nothing is sent, and the connection is closed at once, so
 * that a target with one worker has it free again. The first requests show what else it speaks.
 *
 * @returns which HTTP it speaks: what TLS says (ALPN) or, without TLS, what it is known to speak
 * @throws {ContendError} ERR_TARGET_UNREACHABLE
 */
export const preflight = async (
  mode: Mode,
  endpoint: Endpoint,
  clock: Clock,
  signal: AbortSignal,
): Promise<HttpVersion> => {
  const route = routeOf(endpoint, parseOrigin(endpoint.origin), protocolsOf(mode));
  const dialler = diallerOf({ endpoint, connectTimeoutUs: mode.timeouts.connectUs, clock }, route);
  const hangUp = (): void => dialler.hangUp();
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    if (signal.aborted) return '1.1';
    const socket = await dialler.dial();
    const sharing = sharingOf(mode);
    const isHttp2 = sharing !== undefined && !(socket instanceof TLSSocket && socket.alpnProtocol !== 'h2');
    // Later errors on it do not matter.
    socket.on('error', () => undefined).destroySoon();
    if (sharing?.mayFallBack === false && !isHttp2) throw speaksNoHttp2(endpoint.origin);
    return isHttp2 ? '2' : '1.1';
  } catch (error) {
    if (signal.aborted) return '1.1';
    if (error instanceof ContendError) throw error;
    throw unreachable(endpoint.origin, error as Error);
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
};

/**
 * Opens a mode's lock and closes it again, to check that the server that keeps it, if any, can be reached.
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
