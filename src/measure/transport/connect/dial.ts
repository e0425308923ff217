import { networkInterfaces } from 'node:os';
import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import pLimit from 'p-limit';
import { timerMs } from '../../../core/units.ts';
import { addressesFrom, shareOfTimeUs } from './address.ts';
import { byWayOf, mayElsewhere, mostTelling, notConnectedInTime, outOfPorts } from '../failure.ts';
import { readOn } from './read-on.ts';
import type { Route } from './route.ts';
import type { TransportOptions } from '../transport.ts';
import { askForTunnel } from './tunnel.ts';

/** How many connections are opened at a time: beyond a server's backlog, they would wait a second for their next try. */
export const dialsAtOnce = 128;

/** Where a socket's data is put, and the function to call; the next read overwrites the data. */
export interface Into {
  readonly piece: Buffer;
  readonly read: (size: number, bytes: Buffer) => void;
}

/** Opens sockets to an endpoint. */
export interface Dialler {
  /**
   * Opens a socket, no more than `dialsAtOnce` at a time. Waiting for a turn does not count as time to connect.
   *
   * @param into to receive data without a copy; otherwise the socket is a stream like any other
   * @throws the most telling error of the host's addresses
   */
  dial(into?: Into): Promise<Socket>;
  /** Gives up connections under way, for good. */
  hangUp(): void;
}

type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** TLS with a proxy, or with the target: each resumes its own sessions. */
type Leg = 'first' | 'inner';

/** Makes a dialler: every socket starts with the next of the host's addresses, and tries the others if that one fails. */
export const diallerOf = (
  { endpoint, connectTimeoutUs: timeoutUs, clock }: Pick<TransportOptions, 'endpoint' | 'connectTimeoutUs' | 'clock'>,
  { socketPath, hostname, port, first, tunnel, through }: Route,
): Dialler => {
  const onWay = new Set<Socket>();
  const sessions: { [leg in Leg]?: Buffer } = {};
  const limit = pLimit(dialsAtOnce);
  let turn = 0;
  let isOver = false;

  // Missing in the types, but passed on to the socket all the same, as Node documents.
  const openTls = (options: ConnectionOptions & { readonly onread?: OnReadOpts }, leg: Leg): TLSSocket => {
    const session = sessions[leg];
    const socket = connectTls(session === undefined ? options : { ...options, session });
    socket.setNoDelay(true);
    socket.on('session', (latest) => void (sessions[leg] = latest));
    return socket;
  };

  const openFirst = (to: Place, into: Into | undefined): Socket => {
    const reading = into === undefined || tunnel !== undefined ? {} : { onread: onreadOf(into) };
    return first === undefined
      ? connectTcp({ ...to, ...reading, noDelay: true })
      : openTls({ ...to, ...first, ...reading }, 'first');
  };

  /** Settles once `begin` calls back, the socket has failed, or its time is over. */
  const done = async (
    socket: Socket,
    untilUs: number,
    begin: (then: (error?: Error) => void) => void,
  ): Promise<Socket> =>
    new Promise((resolve, reject) => {
      onWay.add(socket);
      const timer = setTimeout(() => socket.destroy(notConnectedInTime(timeoutUs)), timerMs(untilUs - clock.now()));
      const over = (): void => {
        clearTimeout(timer);
        onWay.delete(socket);
        socket.off('error', failed).off('close', closed);
      };
      const failed = (error: Error): void => {
        over();
        // Later errors on it do not matter.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      };
      const closed = (): void => failed(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
      socket.on('error', failed).on('close', closed);
      begin((error) => {
        if (error !== undefined) return failed(error);
        over();
        resolve(socket);
      });
    });

  const connected = async (to: Place, into: Into | undefined, leftUs: number): Promise<Socket> => {
    const untilUs = clock.now() + leftUs;
    const socket = openFirst(to, into);
    const isOpen = done(socket, untilUs, (then) =>
      socket.once(first === undefined ? 'connect' : 'secureConnect', () => then()),
    );
    return through === undefined ? isOpen : isOpen.catch((error) => Promise.reject(byWayOf(through, error as Error)));
  };

  const tunnelled = async (socket: Socket, untilUs: number, into: Into | undefined): Promise<Socket> => {
    await done(socket, untilUs, (then) => askForTunnel(socket, tunnel!, then)).catch((error) =>
      Promise.reject(byWayOf(through!, error as Error)),
    );
    let inner = socket;
    if (tunnel!.secure !== undefined) {
      // Its errors are reported by the TLS socket on top of it.
      socket.on('error', () => undefined);
      const secure = openTls({ ...tunnel!.secure, socket }, 'inner');
      inner = await done(secure, untilUs, (then) => secure.once('secureConnect', () => then()));
    }
    if (into !== undefined) feed(inner, into);
    return inner;
  };

  const attempt = async (to: Place, into: Into | undefined, leftUs: number): Promise<Socket> => {
    const untilUs = clock.now() + leftUs;
    const socket = await connected(to, into, leftUs);
    const open = tunnel === undefined ? socket : await tunnelled(socket, untilUs, into);
    readOn(open);
    return open;
  };

  const dial = async (into: Into | undefined): Promise<Socket> => {
    if (isOver) throw slotOver();
    const { addresses } = endpoint;
    const targets: readonly Place[] =
      socketPath === undefined
        ? addressesFrom(addresses.length > 0 ? addresses : [hostname], turn++).map((host) => ({ host, port }))
        : [{ path: socketPath }];
    const untilUs = clock.now() + timeoutUs;
    const errors: Error[] = [];
    for (const [tried, to] of targets.entries()) {
      try {
        return await attempt(to, into, shareOfTimeUs(untilUs - clock.now(), targets.length - tried));
      } catch (error) {
        errors.push('host' in to ? outOfPorts(error as Error, to.host, ownAddresses) : (error as Error));
        if (isOver || !mayElsewhere(errors.at(-1)!) || clock.now() >= untilUs) break;
      }
    }
    throw mostTelling(errors as [Error, ...Error[]]);
  };

  return {
    dial: async (into) => limit(dial, into),
    hangUp: () => {
      isOver = true;
      for (const socket of onWay) socket.destroy(slotOver());
    },
  };
};

/** As the system reports them now; none if it cannot, as it needs an open file for that. */
const ownAddresses = (): readonly string[] => {
  try {
    return Object.values(networkInterfaces()).flatMap((own = []) => own.map(({ address }) => address));
  } catch {
    return [];
  }
};

const slotOver = (): Error => Object.assign(new Error('the slot was over'), { code: 'ECONNRESET' });

const onreadOf = ({ piece, read }: Into): OnReadOpts => ({
  buffer: piece,
  callback: (size: number, bytes: Buffer): boolean => {
    read(size, bytes);
    return true;
  },
});

/** The same for a socket on top of another one, which cannot read that way. */
const feed = (socket: Socket, { piece, read }: Into): void => {
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += piece.length) read(chunk.copy(piece, 0, at), piece);
  });
  socket.resume();
};
