import { get as getHttp, type RequestOptions } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import type { Ready } from '../../core/plan/serve.ts';

/** Whether something answers as it should; `why` it does not, as the rest of a sentence. `isNobody`: nobody listens there. */
export type Found =
  { readonly isReady: true } | { readonly isReady: false; readonly why: string; readonly isNobody?: true };

/** One try may take so long: what answers later is asked again. */
const tryMs = 5000;

/** Asks once whether something answers on a port. Certificates are not verified: nothing is told to whoever it is. */
export const askOnce = async ({ kind, text, status }: Ready, origin: string, port: number): Promise<Found> =>
  kind === 'get' ? answers(`${origin}:${port}${text}`, status) : takesConnection(origin, port);

const answers = (url: string, wanted: readonly number[] | undefined): Promise<Found> =>
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
      resolve(isRight ? { isReady: true } : { isReady: false, why: `GET ${path} was answered with ${statusCode}` });
    });
    request.on('timeout', () => request.destroy(new Error(`GET ${path} had no answer in ${tryMs / 1000} s`)));
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
export const takesConnection = (origin: string, port: number): Promise<Found> =>
  new Promise((resolve) => {
    const host = new URL(origin).hostname.replace(/^\[|\]$/gu, '');
    const socket = connect({ host, port, timeout: tryMs });
    const end = (found: Found): void => {
      socket.destroy();
      resolve(found);
    };
    socket.on('connect', () => end({ isReady: true }));
    socket.on('timeout', () => end({ isReady: false, why: `port ${port} took no connection in ${tryMs / 1000} s` }));
    socket.on('error', () => end(nobodyAt(port)));
  });
