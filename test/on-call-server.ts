import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Two doctors, of whom one has to be on call. */
export interface OnCall extends AsyncDisposable {
  readonly origin: string;
}

/**
 * Opens it on the loopback interface: `GET /on-call`, `PUT` and `DELETE /on-call/1`, `POST /reset`.
 *
 * @param isRight it looks again who is on call when it takes one off the list; otherwise it has looked a millisecond before
 */
export const openOnCall = async (isRight: boolean): Promise<OnCall> => {
  const onCall = new Set(['1', '2']);
  const server = createServer((request, response) => {
    const { method, url = '' } = request;
    const doctor = url.split('/').at(-1)!;
    const answer = async (): Promise<readonly [status: number, body?: object]> => {
      if (method === 'GET' || method === 'HEAD') return [200, { count: onCall.size, names: [...onCall] }];
      if (method !== 'DELETE') {
        for (const name of method === 'POST' ? ['1', '2'] : [doctor]) onCall.add(name);
        return [204];
      }
      const before = onCall.size;
      await pause(1);
      if ((isRight ? onCall.size : before) < 2) return [409, {}];
      onCall.delete(doctor);
      return [204];
    };
    request.resume();
    void answer().then(([status, body]) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(body === undefined || request.method === 'HEAD' ? undefined : JSON.stringify(body)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
