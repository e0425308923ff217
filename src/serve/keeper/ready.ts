import { get as getHttp, type RequestOptions } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import type { Ready } from '../../core/plan/serve.ts';

/** Something does not answer as it should. */
interface NotReady {
  readonly isReady: false;
  /** As the rest of a sentence. */
  readonly why: string;
  /** What to do about it, where more time does not help. */
  readonly hint?: string;
  /** Nothing listens there. */
  readonly isNobody?: true;
}

/** Whether something answers as it should. */
export type Found = { readonly isReady: true } | NotReady;

const hintOfPath =
  'Name a path that it answers, as in ready: { get: / }, or leave get out: then a connection is enough.';

/** How long one try may take. What answers later is asked again. */
const mostMs = 5000;

/**
 * Asks once whether something answers on a port. Certificates are not verified, because nothing secret is sent.
 *
 * @param withinMs no try takes longer than that
 */
export const askOnce = async (
  { kind, text, status }: Ready,
  origin: string,
  port: number,
  withinMs = mostMs,
): Promise<Found> => {
  const tryMs = Math.max(1, Math.min(withinMs, mostMs));
  return kind === 'get' ? answers(`${origin}:${port}${text}`, status, tryMs) : takesConnection(origin, port, tryMs);
};

const answers = (url: string, wanted: readonly number[] | undefined, tryMs: number): Promise<Found> =>
  new Promise((resolve) => {
    const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
      agent: false,
      timeout: tryMs,
      headers: { 'user-agent': 'contend' },
      rejectUnauthorized: false,
    };
    const path = new URL(url).pathname;
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, options, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      const isRight = wanted === undefined ? statusCode < 400 : wanted.includes(statusCode);
      const why = `GET ${path} was answered with ${statusCode}`;
      // A server that is not ready yet says so with 503.
      const hint = statusCode < 500 ? { hint: hintOfPath } : {};
      resolve(isRight ? { isReady: true } : { isReady: false, why, ...hint });
    });
    request.on('timeout', () => request.destroy(new Error('no answer came')));
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ECONNREFUSED'
          ? nobodyAt(new URL(url).port)
          : { isReady: false, why: `GET ${path}: ${error.message}` },
      ),
    );
  });

const nobodyAt = (port: number | string): Found => ({
  isReady: false,
  why: `nothing listened on port ${port}`,
  isNobody: true,
});

/** Whether something takes a connection on a port of this machine. */
export const takesConnection = (origin: string, port: number, tryMs = mostMs): Promise<Found> =>
  new Promise((resolve) => {
    const host = new URL(origin).hostname.replace(/^\[|\]$/gu, '');
    const socket = connect({ host, port, timeout: tryMs });
    const end = (found: Found): void => {
      socket.destroy();
      resolve(found);
    };
    socket.on('connect', () => end({ isReady: true }));
    socket.on('timeout', () => end({ isReady: false, why: `port ${port} took no connection` }));
    socket.on('error', () => end(nobodyAt(port)));
  });
