import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Does } from './shop/department.ts';
import { accountsOf } from './shop/accounts.ts';
import { chargesOf } from './shop/charges.ts';
import { grantsOf } from './shop/grants.ts';
import { jobsOf } from './shop/jobs.ts';
import { namesOf } from './shop/names.ts';
import { pagesOf } from './shop/pages.ts';
import { seatsOf } from './shop/seats.ts';

/** A shop that keeps its promises, or not. */
export interface Shop extends AsyncDisposable {
  readonly origin: string;
  /** How many requests it did wrong on purpose. */
  readonly wrong: () => number;
}

/**
 * Opens a shop on the loopback interface, which takes a millisecond or two for everything. `POST /reset` is always right.
 *
 * @param wrongEvery one request of so many is done wrong, where there is a way to; 0: none
 */
export const openShop = async (wrongEvery: number): Promise<Shop> => {
  let [asked, wrong] = [0, 0];
  const isWrong = (): boolean => {
    if (wrongEvery === 0 || ++asked % wrongEvery > 0) return false;
    wrong++;
    return true;
  };
  const departments = [grantsOf, namesOf, seatsOf, chargesOf, jobsOf, pagesOf, accountsOf].map((one) => one(isWrong));
  const does: { readonly [what: string]: Does } = Object.fromEntries(
    departments.flatMap((one) => Object.entries(one.does)),
  );

  const answerTo = async (
    method: string,
    url: URL,
    said: { readonly [name: string]: unknown },
    headers: IncomingHttpHeaders,
  ): Promise<Answer> => {
    if (url.pathname === '/reset') {
      for (const one of departments) one.reset();
      return [200, {}];
    }
    const [, what = '', ...rest] = url.pathname.split('/');
    await pause(1);
    const answer = await does[`${method} ${what}`]?.({
      path: rest.map(decodeURIComponent),
      said,
      headers,
      query: url.searchParams,
    });
    await pause(1);
    return answer ?? [404, {}];
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const piece of request) text += String(piece);
    const said = (text === '' ? {} : JSON.parse(text)) as { readonly [name: string]: unknown };
    const url = new URL(request.url!, 'http://shop');
    const [status, body, headers = {}] = await answerTo(request.method!, url, said, request.headers);
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(status === 204 ? '' : JSON.stringify(body));
  };

  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wrong: () => wrong,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};
