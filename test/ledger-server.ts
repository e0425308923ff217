import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How a ledger goes wrong: never, or now and then, for good or for 20 ms. */
export type LedgerFault = 'none' | 'for good' | 'for a moment';

/** How a ledger differs from the usual one. */
export interface LedgerOptions {
  readonly fault: LedgerFault;
  /** One payment of so many goes wrong, where any does; of a thousand, unless given. */
  readonly every?: number;
  /** Who asks for anything but a login needs the token of one. */
  readonly hasLogin?: boolean;
  /** What the report is answered with, in place of what it asks for. */
  readonly report?: (count: number) => readonly [status: number, body: object | string] | undefined;
}

/** A ledger of payments, each of which is a debit and a credit. */
export interface Ledger extends AsyncDisposable {
  readonly origin: string;
  readonly asked: () => number;
  /** How many connections the report was asked on. */
  readonly connections: () => number;
}

/** Opens a ledger on the loopback interface: `POST /payments`, `GET /report`, `GET /debits`, `GET /credits`, `POST /reset`. */
export const openLedger = async ({ fault, every = 1000, hasLogin = false, report }: LedgerOptions): Promise<Ledger> => {
  let [debit, credit, payments, asked, reports] = [0, 0, 0, 0, 0];
  const sockets = new Set<unknown>();
  const pay = async (): Promise<void> => {
    const isWrong = fault !== 'none' && ++payments % every === 0;
    debit += 10;
    if (isWrong && fault === 'for good') return;
    if (isWrong) await pause(20);
    credit += 10;
  };
  const server = createServer((request, response) => {
    asked++;
    request.resume();
    const end = (status: number, body: object | string): ServerResponse =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    const { method, url, headers } = request;
    const what = `${method} ${url}`;
    if (what === 'POST /login') return void end(200, { token: 'let me in' });
    if (hasLogin && headers.authorization !== 'Bearer let me in') return void end(401, { error: 'who are you?' });
    switch (what) {
      case 'POST /reset':
        [debit, credit] = [0, 0];
        return void end(200, {});
      case 'POST /payments':
        return void pay().then(() => end(201, {}));
      case 'GET /report': {
        sockets.add(request.socket);
        const [status, body] = report?.(++reports) ?? [200, { debit, credit, note: 'not read' }];
        return void end(status, body);
      }
      case 'GET /debits':
        return void end(200, { sum: debit });
      case 'GET /credits':
        return void end(200, { sum: credit });
      default:
        return void end(404, {});
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    connections: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
