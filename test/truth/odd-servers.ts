import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A target with the races of public bug reports, and with odd ways to be right or wrong, by the first segment of the path. */
export interface OddServer extends AsyncDisposable {
  readonly origin: string;
}

type Json = { readonly [key: string]: unknown };
/** What is answered: a status and a body, as JSON or as its text; `destroyed`: the connection breaks. */
type Answer = readonly [status: number, body: Json | string] | 'destroyed';

interface Asked {
  readonly isRead: boolean;
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly body: Json;
}

/** Everything that is kept, until `POST /reset`. */
const newState = () => ({
  numbers: new Map<string, number>(),
  values: new Map<string, unknown>(),
  lists: new Map<string, unknown[]>(),
  leases: new Map<string, { readonly token: number; readonly untilMs: number }>(),
});
type State = ReturnType<typeof newState>;

/** Opens it. What is odd happens every so often, whatever the pace. */
export const openOdd = async (): Promise<OddServer> => {
  let state = newState();
  let [turn, oddTurn] = [0, 0];
  const wait = async (): Promise<unknown> => pause(turn++ % 3);
  const isEvery = (n: number): boolean => oddTurn++ % n === n - 1;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const { method = '', url = '' } = request;
    const { pathname, searchParams } = new URL(url, 'http://x');
    const [, kind = '', ...rest] = pathname.split('/');
    if (kind === 'reset') state = newState();
    const asked = {
      isRead: method === 'GET',
      method,
      key: rest.join('/'),
      query: searchParams,
      body: text === '' ? {} : (JSON.parse(text) as Json),
    };
    const handle = Object.hasOwn(kinds, kind) ? kinds[kind]! : undefined;
    const answer = kind === 'reset' ? ([200, {}] as const) : await handle?.(asked, state, { wait, isEvery });
    if (answer === 'destroyed') return void response.destroy();
    const [status, body] = answer ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};

interface Odds {
  /** A moment, longer or shorter. */
  readonly wait: () => Promise<unknown>;
  /** Whether it is the turn of something that happens once in so many times. */
  readonly isEvery: (n: number) => boolean;
}
type Handle = (asked: Asked, state: State, odds: Odds) => Promise<Answer>;

/** A number that `POST` adds `by` to and `GET` shows. */
const counter =
  (
    add: (add: () => void, odds: Odds) => Promise<Answer | undefined>,
    show: (value: number) => Json | string = (n) => ({ n }),
  ): Handle =>
  async ({ isRead, key, body }, { numbers }, odds) => {
    if (isRead) {
      await odds.wait();
      return [200, show(numbers.get(key) ?? 0)];
    }
    await odds.wait();
    const by = Number(body['by'] ?? 1);
    return (await add(() => numbers.set(key, (numbers.get(key) ?? 0) + by), odds)) ?? [200, {}];
  };

const counts = async (add: () => void): Promise<undefined> => {
  add();
  return undefined;
};

/** A stock of which `POST` takes one and `GET` shows what is left. */
const stock =
  (
    start: number,
    refusal: number,
    take: (left: () => number, set: (left: number) => void) => Promise<boolean>,
    show: (left: number) => number = (left) => left,
  ): Handle =>
  async ({ isRead, key }, { numbers }) => {
    const left = (): number => numbers.get(key) ?? start;
    if (isRead) return [200, { left: show(left()) }];
    const isTaken = await take(left, (now) => void numbers.set(key, now));
    return isTaken ? [201, {}] : [refusal, {}];
  };

const atOnce = async (left: () => number, set: (left: number) => void): Promise<boolean> => {
  await pause(1);
  if (left() < 1) return false;
  set(left() - 1);
  return true;
};

/** Looks, and takes a moment later: by counting one more (`isRelative`), or by writing down what was seen less one. */
const lookFirst =
  (isRelative: boolean, mayRefuse = true) =>
  async (left: () => number, set: (left: number) => void): Promise<boolean> => {
    const seen = left();
    if (seen < 1 && mayRefuse) return false;
    await pause(2);
    set((isRelative ? left() : seen) - 1);
    return seen >= 1;
  };

/** Accounts that begin with 100. */
const bank =
  (mayOverdraw: boolean): Handle =>
  async ({ isRead, key, body }, { numbers }, { wait, isEvery }) => {
    const of = (account: unknown): number => numbers.get(String(account)) ?? 100;
    await wait();
    if (isRead && key === 'total') return [200, { sum: [1, 2, 3, 4, 5, 6].reduce((sum, one) => sum + of(one), 0) }];
    if (isRead) return [200, { n: of(key) }];
    const [from, to, by] = [body['from'], body['to'], Number(body['by'])];
    if (!mayOverdraw && of(from) < by) return [422, {}];
    numbers.set(String(from), of(from) - by);
    numbers.set(String(to), of(to) + by);
    // Done, and the answer does not say so.
    if (isEvery(40)) return 'destroyed';
    return isEvery(40) ? [503, {}] : [200, {}];
  };

/** A lock that lapses by itself, so long after it was granted. */
const lease =
  (lapsesAfterMs: number): Handle =>
  async ({ method, key, query }, { leases, numbers }, { isEvery, wait }) => {
    if (key === 'work') {
      await wait();
      return [isEvery(15) ? 500 : 200, {}];
    }
    const held = leases.get(key);
    if (method === 'DELETE') {
      if (String(held?.token) === query.get('t')) leases.delete(key);
      return [200, {}];
    }
    if (held !== undefined && held.untilMs > performance.now()) return [423, {}];
    const token = (numbers.get('token') ?? 0) + 1;
    numbers.set('token', token);
    leases.set(key, { token, untilMs: performance.now() + lapsesAfterMs });
    return [200, { t: token }];
  };

/** Numbers that are handed out. */
const issue =
  (next: (count: number, odds: Odds) => number | 'burnt'): Handle =>
  async (_, { numbers }, odds) => {
    await odds.wait();
    const count = (numbers.get('issued') ?? 0) + 1;
    numbers.set('issued', count);
    const number = next(count, odds);
    return number === 'burnt' ? [429, {}] : [200, { id: number }];
  };

/** A list that `POST` appends to. */
const log =
  (append: (list: unknown[], element: unknown, odds: Odds) => void): Handle =>
  async ({ isRead, key, body }, { lists }, odds) => {
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    await odds.wait();
    if (isRead) return [200, { list: [...list], length: list.length, last: list.at(-1) }];
    append(list, body['e'], odds);
    await odds.wait();
    return [200, {}];
  };

/** A value that is kept as it was sent, and shown by `show`. */
const register =
  (show: (value: unknown) => unknown, keeps: boolean): Handle =>
  async ({ isRead, key, body }, { values }, { wait }) => {
    await wait();
    const value = values.get(key);
    if (!isRead && keeps) values.set(key, body['v']);
    await wait();
    return isRead ? [200, { v: value === undefined ? null : show(value) }] : [200, {}];
  };

const kinds: { readonly [kind: string]: Handle } = {
  'honest': counter(counts),
  'noop': counter(async () => undefined),
  'twice': counter(async (add) => (add(), counts(add))),
  'sometimes-twice': counter(async (add, { isEvery }) => void (add(), isEvery(50) && add())),
  'flaky-500': counter(async (add, { isEvery }) => (add(), isEvery(10) ? [500, {}] : undefined)),
  'reset-connection': counter(async (add, { isEvery }) => (add(), isEvery(20) ? 'destroyed' : undefined)),
  'applied-400': counter(async (add, { isEvery }) => (add(), isEvery(20) ? [400, {}] : undefined)),
  'ok-error': counter(async (add, { isEvery }) =>
    isEvery(5) ? [200, { errors: ['sold out'] }] : (add(), [200, { data: 1 }]),
  ),
  'text': counter(counts, (n) => ({ n: String(n) })),
  'decimal': counter(counts, (n) => `{"n": ${(n / 100).toFixed(2)}}`),
  'float': counter(counts, (n) => `{"n": ${n}.0}`),
  'ahead': counter(counts, (n) => ({ n: n + 1 })),
  // A coupon that 20 may redeem, which are counted (saleor #544); a stock that is looked at first (kitchenasty #55).
  'coupon-right': stock(20, 409, atOnce),
  'coupon-wrong': stock(20, 409, lookFirst(true)),
  'order-right': stock(20, 400, atOnce),
  'order-wrong': stock(20, 400, lookFirst(true)),
  // Requests of a client in a window of 20, by GET and then SET (node-ratelimiter #6); it never shows less than 0 left.
  'limited-right': stock(20, 429, atOnce, (left) => Math.max(0, left)),
  'limited-wrong': stock(20, 429, lookFirst(false, false), (left) => Math.max(0, left)),
  'bank': bank(false),
  'overdraft': bank(true),
  'lease': lease(100),
  'short-lease': lease(20),
  'ids': issue((count) => count),
  // Two nodes that each have a hundred numbers at a time.
  'ids-by-hundreds': issue(
    (count) => (count % 2) * 100 + Math.floor(count / 200) * 200 + (Math.floor(count / 2) % 100),
  ),
  'ids-with-gaps': issue((count, { isEvery }) => (isEvery(30) ? 'burnt' : count)),
  'ids-again': issue((count) => count - (count % 50 === 0 ? 1 : 0)),
  'log': log((list, e) => void list.push(e)),
  'log-drops': log((list, e, { isEvery }) => void (isEvery(50) || list.push(e))),
  'log-twice': log((list, e, { isEvery }) => void (list.push(e), isEvery(50) && list.push(e))),
  'log-swaps': log((list, e, { isEvery }) => {
    list.push(e);
    if (list.length < 5 || !isEvery(50)) return;
    list.splice(-4, 2, list.at(-3), list.at(-4));
  }),
  'register': register((value) => value, true),
  'register-as-text': register(String, true),
  'register-forgets': register((value) => value, false),
};
