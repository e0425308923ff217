import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContendError } from '../core/errors.ts';
import { answerTo, answerToFailure, type Answer } from './answer.ts';
import { parseStrategy } from './request.ts';
import { routeOf } from './route.ts';
import type { Store } from './store.ts';
import { Timing } from './timing.ts';

/** What a store's server needs from outside. */
export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** CPU time of the serving process so far, in µs, as shown by `GET /stats`. */
  readonly cpuUs: () => number;
  /** A monotonic clock, in ms. */
  readonly nowMs: () => number;
}

/** A store that answers over HTTP. */
export interface StoreServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** How many requests were answered, whatever the answer, excluding `GET /stats`. */
  requests(): number;
  /** Ends all connections, including those in use, and frees the port. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

const none: readonly string[] = [];

const send = (response: ServerResponse, { status, body, headers = none }: Answer, timing: Timing | undefined): void => {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  const timed = timing === undefined ? none : ['Server-Timing', timing.header()];
  const all = ['Content-Type', 'application/json', 'Content-Length', length, ...headers, ...timed];
  response.writeHead(status, all).end(text);
};

/** Resolves once the answer has been sent, or its client has gone. */
const sent = async (response: ServerResponse): Promise<void> => {
  if (!response.writableFinished && !response.closed)
    await Promise.race([once(response, 'finish'), once(response, 'close')]);
};

/**
 * Serves a store over HTTP, on the loopback interface only.
 *
 * Idle connections stay open forever and no request is given up: it is the generator that decides how long things take. Rejects
 * with `ERR_STORE` if the port cannot be had.
 */
export const listen = (store: Store, { port, cpuUs, nowMs }: ListenOptions): Promise<StoreServer> => {
  let requests = 0;
  const stats = (): object => ({ requests, cpuUs: cpuUs(), ...(store.isTimed ? { retries: store.retries() } : {}) });

  const server = createServer(
    // headersTimeout counts from when a connection opens: one opened before its first request would be closed.
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true },
    (request, response) => {
      const route = routeOf(request.url ?? '');
      const timing = new Timing(nowMs);
      const answer = async (): Promise<Answer> => {
        const strategy = parseStrategy(request.headers['contend-strategy']?.toString(), store.strategies);
        const call = { strategy, timing, answered: async () => sent(response) };
        return answerTo(route, { store, request, call, stats });
      };
      const finish = (answered: Answer): void => {
        if (route?.kind !== 'stats' || request.method !== 'GET') requests++;
        send(response, answered, store.isTimed ? timing : undefined);
      };
      void answer().then(finish, (error: unknown) => finish(answerToFailure(error)));
    },
  );

  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const hint = 'Choose another port, or leave it out to use any free one.';
      reject(
        new ContendError('ERR_STORE', `the store cannot listen on ${host}:${port}: ${error.message}`, hint, error),
      );
    });
    // All connections of a load may arrive at once; Node's default backlog is 511.
    server.listen({ port, host, backlog: 4096 }, () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve({
        port: actual,
        origin: `http://${host}:${actual}`,
        requests: () => requests,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
};
