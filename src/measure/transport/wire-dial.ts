import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { timerMs } from '../../core/units.ts';
import { addressesFrom, shareOfTimeUs } from './address.ts';
import { tlsOptions } from './credentials.ts';
import { mayElsewhere, mostTelling, notConnectedInTime } from './failure.ts';
import type { Origin } from './origin.ts';
import type { TransportOptions } from './transport.ts';

const pieceBytes = 64 * 1024;

/** Opens sockets to an endpoint. */
export interface Dialler {
  /**
   * Opens a socket; what it reads goes to `read`, and is overwritten afterwards.
   *
   * @throws what the last address of the host failed with that says most
   */
  dial(read: (size: number, bytes: Buffer) => void): Promise<Socket>;
  /** What every socket reads is put here: it is taken in before the next one reads. */
  readonly piece: Buffer;
  /** Gives up what is on its way, for good. */
  hangUp(): void;
}

/** Makes a dialler: every socket begins with the next of the host's addresses, and takes the others where that one fails. */
export const diallerOf = (
  { endpoint, connectTimeoutUs: timeoutUs, clock }: TransportOptions,
  origin: Origin,
): Dialler => {
  const piece = Buffer.allocUnsafeSlow(pieceBytes);
  const onWay = new Set<Socket>();
  const secure = origin.isSecure ? tlsOptions(endpoint.tls, origin) : undefined;
  let session: Buffer | undefined;
  let turn = 0;
  let isOver = false;

  const open = (
    to: { readonly path: string } | { readonly host: string; readonly port: number },
    onread: OnReadOpts,
  ) => {
    if (secure === undefined) return connectTcp({ ...to, onread, noDelay: true });
    // Missing in the types, and handed on to the socket all the same, as Node documents it.
    const options: ConnectionOptions & { readonly onread: OnReadOpts } = { ...to, ...secure, onread };
    if (session !== undefined) options.session = session;
    const socket: TLSSocket = connectTls(options);
    socket.setNoDelay(true);
    socket.on('session', (latest) => void (session = latest));
    return socket;
  };

  const attempt = async (
    to: { readonly path: string } | { readonly host: string; readonly port: number },
    read: (size: number, bytes: Buffer) => void,
    leftUs: number,
  ): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const onread = {
        buffer: piece,
        callback: (size: number, bytes: Buffer): boolean => {
          read(size, bytes);
          return true;
        },
      };
      const socket = open(to, onread);
      onWay.add(socket);
      const timer = setTimeout(() => socket.destroy(notConnectedInTime(timeoutUs)), timerMs(leftUs));
      const over = (): void => {
        clearTimeout(timer);
        onWay.delete(socket);
        socket.off('error', failed).off('close', closed);
      };
      const failed = (error: Error): void => {
        over();
        // What it still has to say concerns nobody.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      };
      const closed = (): void => failed(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
      socket.once(secure === undefined ? 'connect' : 'secureConnect', () => {
        over();
        resolve(socket);
      });
      socket.on('error', failed).on('close', closed);
    });

  return {
    piece,
    dial: async (read) => {
      const { socketPath, port, hostname } = origin;
      const targets =
        socketPath === undefined
          ? addressesFrom(endpoint.addresses.length > 0 ? endpoint.addresses : [hostname], turn++).map((host) => ({
              host,
              port,
            }))
          : [{ path: socketPath }];
      const untilUs = clock.now() + timeoutUs;
      const errors: Error[] = [];
      for (const [tried, to] of targets.entries()) {
        try {
          return await attempt(to, read, shareOfTimeUs(untilUs - clock.now(), targets.length - tried));
        } catch (error) {
          errors.push(error as Error);
          if (isOver || !mayElsewhere(error as Error) || clock.now() >= untilUs) break;
        }
      }
      throw mostTelling(errors as [Error, ...Error[]]);
    },
    hangUp: () => {
      isOver = true;
      for (const socket of onWay) socket.destroy(Object.assign(new Error('the slot was over'), { code: 'ECONNRESET' }));
    },
  };
};
