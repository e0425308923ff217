import type { Socket } from 'node:net';
import { codeOf } from '../failure.ts';

type Done = (error?: Error | null) => void;

/**
 * Makes a socket read to its end when a write fails because the other side is gone. What that side said before, such as a
 * 413 to a body that it did not want, is still there to be read, and Node would throw it away with the socket. The read then
 * tells how the connection ended.
 *
 * @cost a call per write
 */
export const readOn = (socket: Socket): void => {
  let done: Done = () => undefined;
  // A stream writes one thing at a time.
  const after: Done = (error) => {
    if (error === undefined || error === null || !isGone.has(codeOf(error))) done(error);
  };
  const write = socket._write.bind(socket);
  const writeAll = socket._writev!.bind(socket);
  socket._write = (chunk, encoding, then) => {
    done = then;
    write(chunk, encoding, after);
  };
  socket._writev = (chunks, then) => {
    done = then;
    writeAll(chunks, after);
  };
};

const isGone = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED']);
