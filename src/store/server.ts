import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContendError, messageOf } from '../core/errors.ts';
import {
  bodyOf,
  parseChange,
  parseIfMatch,
  parseQuantity,
  parseReset,
  parseSubmission,
  RequestError,
  routeOf,
  type Route,
} from './request.ts';
import type { Product, Store } from './store.ts';

/** What a store's server needs from outside. */
export interface ListenOptions {
  /** 0: any free one. */
  readonly port: number;
  /** CPU time of the serving process so far, in µs: what `GET /stats` tells. */
  readonly cpuUs: () => number;
}

/** A store that answers over HTTP. */
export interface StoreServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** How many requests were answered, whatever the answer; `GET /stats` is not one of them. */
  requests(): number;
  /** Ends all connections, those in use included, and gives the port back. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  /** Further headers: name, value, name, value … */
  readonly headers?: readonly string[];
}

const host = '127.0.0.1';

const allowed: { readonly [route in Route['kind']]: string } = {
  reset: 'POST',
  products: 'POST',
  product: 'GET, HEAD, PUT',
  purchases: 'POST',
  stats: 'GET, HEAD',
};

const refused = (status: number, error: string): Answer => ({ status, body: { error } });
const noSuchPath = refused(404, 'there is nothing at this path');
const noSuchProduct = refused(404, 'there is no such product');
const otherVersion = refused(412, 'the product has another version by now');
const soldOut = refused(409, 'sold out: there are fewer pieces left');

const found = (product: Product): Answer => ({
  status: 200,
  body: product,
  headers: ['ETag', `"${product.version}"`],
});

const created = (product: Product): Answer => ({
  status: 201,
  body: product,
  headers: ['Location', `/products/${product.id}`, 'ETag', `"${product.version}"`],
});

const readProduct = async (store: Store, id: number): Promise<Answer> => {
  const outcome = await store.read(id);
  return outcome.kind === 'found' ? found(outcome.product) : noSuchProduct;
};

const putProduct = async (store: Store, id: number, request: IncomingMessage): Promise<Answer> => {
  const change = parseChange(await bodyOf(request));
  const outcome = await store.replace(id, change, parseIfMatch(request.headers['if-match']));
  if (outcome.kind === 'replaced') return found(outcome.product);
  return outcome.kind === 'stale' ? otherVersion : noSuchProduct;
};

const purchase = async (store: Store, id: number, request: IncomingMessage): Promise<Answer> => {
  const quantity = parseQuantity(await bodyOf(request));
  const outcome = await store.purchase(id, quantity);
  if (outcome.kind === 'sold') return { status: 201, body: { id, quantity, stock: outcome.stock } };
  return outcome.kind === 'sold-out' ? soldOut : noSuchProduct;
};

const reset = async (store: Store, request: IncomingMessage): Promise<Answer> => {
  const assortment = parseReset(await bodyOf(request));
  await store.reset(assortment);
  return { status: 200, body: assortment };
};

const answerTo = async (
  store: Store,
  route: Route | undefined,
  request: IncomingMessage,
  stats: () => object,
): Promise<Answer> => {
  if (route === undefined) return noSuchPath;
  const { method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  if (route.kind === 'product' && reads) return readProduct(store, route.id);
  if (route.kind === 'product' && method === 'PUT') return putProduct(store, route.id, request);
  if (route.kind === 'purchases' && method === 'POST') return purchase(store, route.id, request);
  if (route.kind === 'products' && method === 'POST') {
    return created(await store.create(parseSubmission(await bodyOf(request))));
  }
  if (route.kind === 'reset' && method === 'POST') return reset(store, request);
  if (route.kind === 'stats' && reads) return { status: 200, body: stats() };
  const allow = allowed[route.kind];
  return { ...refused(405, `this path takes ${allow}`), headers: ['Allow', allow] };
};

const answerToFailure = (thrown: unknown): Answer =>
  thrown instanceof RequestError ? refused(thrown.status, thrown.message) : refused(500, messageOf(thrown));

const none: readonly string[] = [];

const send = (response: ServerResponse, { status, body, headers = none }: Answer): void => {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, ['Content-Type', 'application/json', 'Content-Length', length, ...headers]).end(text);
};

/**
 * Serves a store over HTTP on the loopback interface alone.
 *
 * Idle connections stay open for ever and no request is given up: it is the generator that decides how long things take.
 * Rejects with `ERR_STORE` where the port cannot be had.
 */
export const listen = (store: Store, { port, cpuUs }: ListenOptions): Promise<StoreServer> => {
  let requests = 0;
  const stats = (): object => ({ requests, cpuUs: cpuUs() });

  const server = createServer(
    // headersTimeout counts from the opening of a connection: one opened ahead of its first request would be ended.
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true },
    (request, response) => {
      const route = routeOf(request.url ?? '');
      const finish = (answer: Answer): void => {
        if (route?.kind !== 'stats' || request.method !== 'GET') requests++;
        send(response, answer);
      };
      void answerTo(store, route, request, stats).then(finish, (error: unknown) => finish(answerToFailure(error)));
    },
  );

  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const hint = 'Choose another port, or none: then any free one is taken.';
      reject(
        new ContendError('ERR_STORE', `the store cannot listen on ${host}:${port}: ${error.message}`, hint, error),
      );
    });
    // A whole load's connections may arrive at once; Node's own backlog is 511.
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
