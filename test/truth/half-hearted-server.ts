import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What an answer 200 with `errors` in it means: that nothing was done, or that something was all the same. */
export type Errors = 'did nothing' | 'did it';

/** A target of all ten models that says 200 to everything, as GraphQL does, and puts into the body how it went. */
export interface HalfHeartedServer extends AsyncDisposable {
  readonly origin: string;
  readonly isRight: boolean;
}

type Json = { readonly [key: string]: unknown };

/**
 * Opens it. A fifth of all changes are answered with 200 and `{ errors }`.
 *
 * @param isRight it keeps its data; otherwise it decides first and does so a moment later, as if it were alone
 */
export const openHalfHearted = async (errors: Errors, isRight: boolean): Promise<HalfHeartedServer> => {
  let state = newState();
  // Apart, as otherwise a client whose steps take turns might meet a doubtful answer at each of its changes.
  let [waits, changes] = [0, 0];
  const wait = async (): Promise<unknown> => pause(waits++ % 3);

  /** A change in two steps: what is decided by what is there, and what is done with it. */
  const change = async <Seen>(decide: () => Seen, act: (seen: Seen) => Json): Promise<Json> => {
    await wait();
    const seen = decide();
    if (!isRight) await pause(1);
    const done = act(seen);
    await wait();
    return done;
  };

  const answer = async (method: string, kind: string, key: string, body: Json): Promise<Json> => {
    const { numbers, values, logs, holders } = state;
    const number = (of = key, start = 0): number => numbers.get(of) ?? start;
    const [payer, payee] = [String(body['from']), String(body['to'])];
    switch (`${method} ${kind}`) {
      case 'POST reset':
        state = newState();
        return {};
      case 'POST counter':
        return change(
          () => number(),
          (n) => (numbers.set(key, n + 1), {}),
        );
      case 'GET counter':
        return { n: number() };
      case 'GET balance':
        return { n: number(key, 1000) };
      case 'POST move':
        return change(
          () => [number(payer, 1000), number(payee, 1000)] as const,
          ([from, to]) => (numbers.set(payer, from - 1), numbers.set(payee, to + 1), {}),
        );
      case 'GET value': {
        await wait();
        const found = values.get(key) ?? { v: 0, n: 0 };
        await wait();
        return found;
      }
      case 'PUT value':
        return change(
          () => values.get(key) ?? { v: 0, n: 0 },
          (before) => {
            if (body['seen'] !== undefined && body['seen'] !== before.v) return { moved: true };
            // One that is not right may forget what it was given.
            if (isRight || waits % 4 > 0) values.set(key, { v: body['v'], n: before.n + 1 });
            return { n: before.n + 1 };
          },
        );
      case 'POST stock':
        return change(
          () => number(key, 40),
          (n) => (n < 1 ? { soldOut: true } : (numbers.set(key, n - 1), { left: n - 1 })),
        );
      case 'GET stock':
        return { n: number(key, 40) };
      case 'POST hold':
        return change(
          () => holders.get(key),
          (holder) =>
            holder === undefined
              ? (holders.set(key, number('token') + 1),
                numbers.set('token', number('token') + 1),
                { token: number('token') })
              : { taken: true },
        );
      case 'DELETE hold':
        holders.delete(key);
        return {};
      case 'POST id':
        return change(
          () => number('id') + 1,
          (id) => (numbers.set('id', id), { id }),
        );
      case 'POST log':
        return change(
          () => logs.get(key) ?? [],
          (log) => (logs.set(key, [...log, body['e']]), { length: log.length + 1 }),
        );
      default:
        return { list: logs.get(key) ?? [] };
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const { method = '' } = request;
    const [, kind = '', key = ''] = (request.url ?? '').split('/');
    const isDoubtful = method !== 'GET' && kind !== 'reset' && method !== 'DELETE' && changes++ % 5 === 0;
    const found = isDoubtful && errors === 'did nothing' ? {} : await answer(method, kind, key, body);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDoubtful ? { errors: ['try again'] } : { data: found }));
  };
  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    isRight,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};

const newState = () => ({
  numbers: new Map<string, number>(),
  values: new Map<string, { readonly v: unknown; readonly n: number }>(),
  logs: new Map<string, readonly unknown[]>(),
  holders: new Map<string, number>(),
});

const bodyOf = async (request: IncomingMessage): Promise<Json> => {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text === '' ? {} : (JSON.parse(text) as Json);
};
