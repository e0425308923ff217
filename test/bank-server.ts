import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How a bank differs from the usual one. */
export interface BankOptions {
  /** `before` has two bugs: deposits that are read, and written back later; coupons that are checked, and taken later. */
  readonly build: 'before' | 'after';
  /** Only u1 … un may log in; anybody, unless given. */
  readonly users?: number;
  /** Who logs in ends the session that the same user had. */
  readonly isOneSession?: boolean;
  /** The session is in a cookie in place of a token. */
  readonly hasCookies?: boolean;
  /** What a request is answered with in place of what it asks for. */
  readonly instead?: ((method: string, path: string, count: number) => Answer | 'hang up' | undefined) | undefined;
}

/** A status, a body as JSON or as it is, headers. */
export type Answer = readonly [status: number, body?: object | string, headers?: { readonly [name: string]: string }];

/** A bank with a shop, behind a login. */
export interface Bank extends AsyncDisposable {
  readonly origin: string;
  /** How often it was asked for anything, by method and path: `POST /login`. */
  readonly counts: () => { readonly [request: string]: number };
  readonly asked: () => number;
}

/** Opens a bank on the loopback interface. What a round trip to its database takes is 1 ms. */
export const openBank = async ({
  build,
  users,
  isOneSession = false,
  hasCookies = false,
  instead,
}: BankOptions): Promise<Bank> => {
  const accounts = new Map<string, number>();
  const coupons = new Map<string, number>();
  const sessions = new Map<string, number>();
  const counts = new Map<string, number>();
  const isFixed = build === 'after';
  const hop = async (): Promise<unknown> => pause(1);
  let issued = 0;

  const sign = (text: string): string =>
    `${text}.${createHmac('sha256', 'secret').update(text).digest('hex').slice(0, 16)}`;
  const userOf = ({ headers }: IncomingMessage): string | undefined => {
    const token =
      (hasCookies ? headers.cookie?.replace('session=', '') : headers.authorization?.replace('Bearer ', '')) ?? '';
    const [user = '', number = ''] = token.split('.');
    if (token === '' || sign(`${user}.${number}`) !== token) return undefined;
    return isOneSession && sessions.get(user) !== Number(number) ? undefined : user;
  };
  const logIn = ({ user, pin }: Json): Answer => {
    const number = Number(/^u(\d+)$/u.exec(String(user))?.[1] ?? 1);
    if (pin !== '0000' || (users !== undefined && number > users)) return [401, { error: 'who are you?' }];
    sessions.set(String(user), ++issued);
    const token = sign(`${String(user)}.${issued}`);
    return hasCookies ? [200, {}, { 'set-cookie': `session=${token}; Path=/` }] : [200, { token }];
  };
  const reset = ({ accounts: many = 10, balance = 100_000, coupons: kinds = 5, redeemable = 50 }: Json): Answer => {
    accounts.clear();
    coupons.clear();
    for (let at = 1; at <= Number(many); at++) accounts.set(String(at), Number(balance));
    for (let at = 1; at <= Number(kinds); at++) coupons.set(`C${at}`, Number(redeemable));
    return [200, { ok: true }];
  };
  const deposit = async (id: string, amount: number): Promise<Answer> => {
    const before = accounts.get(id)!;
    await hop();
    const balance = (isFixed ? accounts.get(id)! : before) + amount;
    accounts.set(id, balance);
    return [201, { balance }];
  };
  const redeem = async (code: string): Promise<Answer> => {
    const before = coupons.get(code)!;
    if (!isFixed && before <= 0) return [409, { error: 'used up' }];
    await hop();
    const left = isFixed ? coupons.get(code)! : before;
    if (left <= 0) return [409, { error: 'used up' }];
    coupons.set(code, left - 1);
    return [201, { remaining: left - 1 }];
  };
  const answer = async (request: IncomingMessage, body: Json): Promise<Answer> => {
    const [, kind = '', id = '', what = ''] = request.url!.split('/');
    if (request.url === '/login') return logIn(body);
    if (request.url === '/test/reset') return reset(body);
    if (userOf(request) === undefined) return [401, { error: 'token' }];
    const values = { accounts, coupons }[kind];
    if (values?.has(id) !== true) return [404, { error: 'no such thing' }];
    if (what === 'deposits') return deposit(id, Number(body['amount']));
    if (what === 'redemptions') return redeem(id);
    return [200, kind === 'accounts' ? { id, balance: values.get(id) } : { code: id, remaining: values.get(id) }];
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const asked = `${request.method} ${request.url}`;
    const count = (counts.get(asked) ?? 0) + 1;
    counts.set(asked, count);
    const found =
      instead?.(request.method!, request.url!, count) ??
      (await answer(request, text === '' ? {} : (JSON.parse(text) as Json)));
    if (found === 'hang up') {
      server.close();
      server.closeAllConnections();
      return;
    }
    const [status, said = {}, headers] = found;
    const type = typeof said === 'string' ? 'text/html' : 'application/json';
    response
      .writeHead(status, { 'content-type': type, ...headers })
      .end(typeof said === 'string' ? said : JSON.stringify(said));
  };
  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => Object.fromEntries(counts),
    asked: () => [...counts.values()].reduce((sum, one) => sum + one, 0),
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};

type Json = { readonly [key: string]: unknown };
