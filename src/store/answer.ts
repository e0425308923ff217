import type { IncomingMessage } from 'node:http';
import { messageOf } from '../core/errors.ts';
import {
  bodyOf,
  parseChange,
  parseCustomer,
  parseIfMatch,
  parseQuantity,
  parseReset,
  parseSubmission,
  parseTransfer,
  RequestError,
} from './request.ts';
import type { Route } from './route.ts';
import type { Call, Product, Store } from './store.ts';
import { TryAgainError } from './try-again.ts';
import { booking, purchase, transfer, type Outcome, type Row, type Work } from './work.ts';

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  /** Further headers: name, value, name, value … */
  readonly headers?: readonly string[];
}

/** What an answer is made from. */
interface Asked {
  readonly store: Store;
  readonly request: IncomingMessage;
  readonly call: Call;
  readonly stats: () => object;
}

const refused = (status: number, error: string): Answer => ({ status, body: { error } });
const noSuchPath = refused(404, 'there is nothing at this path');
const missing = (what: string): Answer => refused(404, `there is no such ${what}`);
const otherVersion = refused(412, 'another writer was faster: it has a new version now');
const soldOut = refused(409, 'sold out: there are fewer items left');
const taken = refused(409, 'this seat is taken');
const noneFree = refused(409, 'every seat is taken');
/** 409 would mean "try again", as after a deadlock. */
const overdrawn = refused(422, 'the payer has less than that, or the payee would have too much');
const busy: Answer = { ...refused(409, 'another request is changing it'), headers: ['Retry-After', '0'] };

const etag = (version: number): readonly string[] => ['ETag', `"${version}"`];
const found = (product: Product): Answer => ({ status: 200, body: product, headers: etag(product.version) });

const created = (product: Product): Answer => ({
  status: 201,
  body: product,
  headers: ['Location', `/products/${product.id}`, ...etag(product.version)],
});

/** Carries out a change, and answers with what it says about the rows. */
const change = async (
  { store, call }: Asked,
  work: Work,
  words: { readonly missing: string; readonly refused: Answer; readonly done: (rows: readonly Row[]) => Answer },
): Promise<Answer> => {
  const outcome: Outcome = await store.change(work, call);
  if (outcome.kind === 'done') return words.done(outcome.rows);
  if (outcome.kind === 'missing') return missing(words.missing);
  if (outcome.kind === 'refused') return words.refused;
  return outcome.kind === 'stale' ? otherVersion : busy;
};

const book = async (asked: Asked, seat: number | 'any', refusal: Answer): Promise<Answer> => {
  const customer = parseCustomer(await bodyOf(asked.request));
  return change(asked, booking(seat, customer), {
    missing: 'seat',
    refused: refusal,
    done: ([row]) => ({ status: 201, body: { id: row!.id, customer }, headers: ['Location', `/seats/${row!.id}`] }),
  });
};

type Handler<Id> = (asked: Asked, id: Id) => Promise<Answer>;

/** Routes → what each method gets. HEAD is answered like GET, and Node leaves the body out. */
const handlers: {
  readonly [kind in Route['kind']]: {
    readonly [method in 'GET' | 'PUT' | 'POST']?: Handler<
      Extract<Route, { kind: kind }> extends { id: number } ? number : undefined
    >;
  };
} = {
  'reset': {
    POST: async ({ store, request, call }) => {
      const assortment = parseReset(await bodyOf(request));
      await store.reset(assortment, call);
      return { status: 200, body: assortment };
    },
  },
  'products': {
    POST: async ({ store, request, call }) => created(await store.create(parseSubmission(await bodyOf(request)), call)),
  },
  'product': {
    GET: async ({ store, call }, id) => {
      const outcome = await store.read(id, call);
      return outcome.kind === 'found' ? found(outcome.product) : missing('product');
    },
    PUT: async ({ store, request, call }, id) => {
      const body = parseChange(await bodyOf(request));
      const outcome = await store.replace(id, body, parseIfMatch(request.headers['if-match']), call);
      if (outcome.kind === 'replaced') return found(outcome.product);
      return outcome.kind === 'stale' ? otherVersion : missing('product');
    },
  },
  'purchases': {
    POST: async (asked, id) => {
      const quantity = parseQuantity(await bodyOf(asked.request));
      return change(asked, purchase(id, quantity), {
        missing: 'product',
        refused: soldOut,
        done: ([row]) => ({ status: 201, body: { id, quantity, stock: row!.value } }),
      });
    },
  },
  'seats': {
    GET: async ({ store, call }) => {
      const { rows, zeros } = await store.sum('seats', call);
      return { status: 200, body: { seats: rows, free: zeros } };
    },
  },
  'seat': {
    GET: async ({ store, call }, id) => {
      const row = await store.row('seats', id, call);
      if (row === undefined) return missing('seat');
      const { value, version } = row;
      return { status: 200, body: { id, customer: value === 0 ? null : value, version }, headers: etag(version) };
    },
  },
  'seat-bookings': { POST: async (asked, id) => book(asked, id, taken) },
  'bookings': { POST: async (asked) => book(asked, 'any', noneFree) },
  'accounts': {
    GET: async ({ store, call }) => {
      const { rows, total } = await store.sum('accounts', call);
      return { status: 200, body: { accounts: rows, total } };
    },
  },
  'account': {
    GET: async ({ store, call }, id) => {
      const row = await store.row('accounts', id, call);
      if (row === undefined) return missing('account');
      return { status: 200, body: { id, balance: row.value, version: row.version }, headers: etag(row.version) };
    },
  },
  'transfers': {
    POST: async (asked) => {
      const { from, to, amount } = parseTransfer(await bodyOf(asked.request));
      return change(asked, transfer(from, to, amount), {
        missing: 'account',
        refused: overdrawn,
        done: ([payer, payee]) => ({
          status: 201,
          body: { from, to, amount, balances: { from: payer!.value, to: payee!.value } },
        }),
      });
    },
  },
  'stats': { GET: async ({ stats }) => ({ status: 200, body: stats() }) },
};

/** The answer to a request. Rejects with what {@link answerToFailure} answers. */
export const answerTo = async (route: Route | undefined, asked: Asked): Promise<Answer> => {
  if (route === undefined) return noSuchPath;
  const methods: { readonly [method: string]: unknown } = handlers[route.kind];
  const { method = '' } = asked.request;
  const handler = Object.hasOwn(methods, method) ? methods[method] : method === 'HEAD' ? methods['GET'] : undefined;
  // The compiler knows that each handler fits its route, but not that this handler belongs to this route.
  if (handler !== undefined)
    return (handler as Handler<number | undefined>)(asked, 'id' in route ? route.id : undefined);
  const allow = Object.keys(methods)
    .map((name) => (name === 'GET' ? 'GET, HEAD' : name))
    .join(', ');
  return { ...refused(405, `this path takes ${allow}`), headers: ['Allow', allow] };
};

/** The answer to a request that failed. */
export const answerToFailure = (thrown: unknown): Answer => {
  if (thrown instanceof RequestError) return refused(thrown.status, thrown.message);
  if (thrown instanceof TryAgainError) {
    return { ...refused(thrown.status, thrown.message), headers: ['Retry-After', String(thrown.afterS)] };
  }
  return refused(500, messageOf(thrown));
};
