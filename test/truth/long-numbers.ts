import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { LongFraction } from '../../src/core/exact/fraction.ts';
import { parseJson } from '../../src/core/exact/parse.ts';
import { writeJson } from '../../src/core/exact/write.ts';

/** A target whose ids, versions, tokens and elements are whole numbers beyond 2^53, bare in its JSON. */
export interface LongNumberServer extends AsyncDisposable {
  readonly origin: string;
  /** The ids that were asked for, as they stood in the address, and the bodies and the header `x-id` that came with them. */
  readonly asked: readonly { readonly id: string; readonly header: string; readonly body: string }[];
}

type Body = { readonly [name: string]: unknown };

/** The first id: those behind it are rounded to it, or to one another. */
export const firstId = 1541815603606036480n;

/**
 * Opens it.
 *
 * @param isRight otherwise an id is handed out twice, a read is stale, a version has two contents, a lock two holders or a log
 * other elements, each fifth time
 */
export const openLongNumbers = async (isRight: boolean): Promise<LongNumberServer> => {
  const asked: { id: string; header: string; body: string }[] = [];
  let state = newState();
  let times = 0;

  const answer = (method: string, what: string, key: string, body: Body): readonly [status: number, body: Body] => {
    const isOdd = !isRight && ++times % 5 === 0;
    const { values, versions, logs, held } = state;
    switch (`${method} ${what}`) {
      case 'POST reset':
        state = newState();
        return [200, {}];
      case 'POST snow':
        return [200, { id: isOdd ? state.next : ++state.next, depth: [{ id: state.next }] }];
      case 'POST price':
        return [200, { price: new LongFraction(`0.${++state.next}`) }];
      case 'POST things':
        return [201, { id: ++state.next }];
      case 'GET value': {
        const [now = null, before = null] = values.get(key) ?? [];
        return [200, { v: isOdd ? before : now }];
      }
      case 'PUT value':
        values.set(key, [body['v'], values.get(key)?.[0] ?? null]);
        return [200, {}];
      case 'GET versioned':
        return [200, versions.get(key) ?? { v: 'none', version: firstId }];
      case 'PUT versioned': {
        const { version: last } = versions.get(key) ?? { version: firstId };
        const version = isOdd ? last : last + 1n;
        versions.set(key, { v: body['v'], version });
        return [200, { version }];
      }
      case 'POST lock':
        if (held.get(key) === true && !isOdd) return [409, {}];
        held.set(key, true);
        return [200, { token: isOdd ? state.next : ++state.next }];
      case 'DELETE lock':
        held.set(key, false);
        return [200, {}];
      case 'GET log':
        return [200, { list: logs.get(key) ?? [] }];
      case 'POST log': {
        const log = logs.get(key) ?? [];
        // One that is rounded is another one.
        logs.set(key, [...log, isOdd ? BigInt(Number(body['e'])) : body['e']]);
        return [200, {}];
      }
      case 'POST count':
        state.next += 1n;
        return [200, {}];
      case 'GET count':
        return [200, { n: state.next }];
      default:
        return [404, {}];
    }
  };

  const server = createServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const [, what = '', key = ''] = request.url!.split('/');
      if (what === 'things' && request.method !== 'POST') {
        asked.push({ id: key, header: String(request.headers['x-id']), body: text });
        response.writeHead(BigInt(key) === state.next ? 200 : 404).end('{}');
        return;
      }
      // A while on either side, so that two are under way at once.
      await pause(1);
      const [status, body] = answer(request.method!, what, key, (text === '' ? {} : parseJson(text)) as Body);
      await pause(1);
      response.writeHead(status, { 'content-type': 'application/json' }).end(writeJson(body));
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const newState = () => ({
  next: firstId,
  values: new Map<string, readonly [now: unknown, before: unknown]>(),
  versions: new Map<string, { readonly v: unknown; readonly version: bigint }>(),
  logs: new Map<string, readonly unknown[]>(),
  held: new Map<string, boolean>(),
});
