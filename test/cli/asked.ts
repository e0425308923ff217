import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Result } from '../../src/core/result/result.ts';
import { contendHere } from './contend.ts';

/** A request as a server saw it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What answers a request. */
export type Answer = (asked: Asked, response: ServerResponse) => void;

/** A server on a port of its own, and what it was asked. */
export interface Asking extends AsyncDisposable {
  readonly origin: string;
  readonly asked: readonly Asked[];
}

/** Opens a server that answers so. */
export const openAsking = async (answer: Answer): Promise<Asking> => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
    request.on('end', () => {
      const one = { method: request.method!, path: request.url!, headers: request.headers, body };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
};

/** Runs a scenario against a server; gives what it was asked, and what contend says. */
export const runAsking = async (
  folder: string,
  answer: Answer,
  scenario: (origin: string) => string,
): Promise<{
  readonly asked: readonly Asked[];
  readonly result: Result;
  readonly mode: Result['modes'][number];
  readonly code: number | null;
}> => {
  await using server = await openAsking(answer);
  const file = join(folder, 'one.yaml');
  await writeFile(file, scenario(server.origin));
  const { code, stdout, stderr } = await contendHere(['run', file, '--json', '-q']);
  if (stdout === '') throw new Error(stderr);
  const result = JSON.parse(stdout) as Result;
  return { asked: server.asked, result, mode: result.modes[0]!, code };
};
