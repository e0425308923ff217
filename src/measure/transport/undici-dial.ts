import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { buildConnector } from 'undici';
import { timerMs } from '../../core/units.ts';
import { addressesFrom, shareOfTimeUs } from './address.ts';
import { tlsOptions } from './credentials.ts';
import { mayElsewhere, mostTelling, notConnectedInTime } from './failure.ts';
import type { Origin } from './origin.ts';
import type { TransportOptions } from './transport.ts';

type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** Opens sockets for undici: each begins with the next of the host's addresses, and takes the others where that one fails. */
export class UndiciDialler {
  readonly #options: TransportOptions;
  readonly #origin: Origin;
  readonly #secure: ConnectionOptions | undefined;
  /** On their way: a run that ends does not wait for them. */
  readonly #onWay = new Set<Socket>();
  #session: Buffer | undefined;
  #turn = 0;

  constructor(options: TransportOptions, origin: Origin) {
    this.#options = options;
    this.#origin = origin;
    this.#secure = origin.isSecure ? tlsOptions(options.endpoint.tls, origin) : undefined;
  }

  /** Calls back once, with a socket or with the error of that address that says most. */
  dial(then: buildConnector.Callback): void {
    const { clock, connectTimeoutUs } = this.#options;
    const places = this.#places();
    const untilUs = clock.now() + connectTimeoutUs;
    const errors: Error[] = [];
    const next = (at: number): void => {
      const us = shareOfTimeUs(untilUs - clock.now(), places.length - at);
      this.#attempt(places[at]!, us, (error, socket) => {
        if (socket !== undefined) return then(null, socket);
        errors.push(error);
        if (at + 1 < places.length && mayElsewhere(error) && clock.now() < untilUs) return next(at + 1);
        return then(mostTelling(errors as [Error, ...Error[]]), null);
      });
    };
    next(0);
  }

  /** Gives up what is on its way. */
  hangUp(): void {
    for (const socket of this.#onWay) socket.destroy(new Error('the slot was over'));
  }

  #places(): readonly Place[] {
    const { socketPath, hostname, port } = this.#origin;
    if (socketPath !== undefined) return [{ path: socketPath }];
    const { addresses } = this.#options.endpoint;
    return addressesFrom(addresses.length > 0 ? addresses : [hostname], this.#turn++).map((host) => ({ host, port }));
  }

  #attempt(
    place: Place,
    us: number,
    then: (...result: [error: Error, socket: undefined] | [error: undefined, socket: Socket]) => void,
  ): void {
    const socket = this.#open(place);
    this.#onWay.add(socket);
    const late = setTimeout(() => socket.destroy(notConnectedInTime(this.#options.connectTimeoutUs)), timerMs(us));
    const over = (): void => {
      clearTimeout(late);
      this.#onWay.delete(socket);
      socket.off('error', failed);
    };
    const failed = (error: Error): void => {
      over();
      // What it still has to say concerns nobody.
      socket.on('error', () => undefined);
      then(error, undefined);
    };
    socket.on('error', failed);
    socket.once(this.#secure === undefined ? 'connect' : 'secureConnect', () => {
      over();
      then(undefined, socket);
    });
  }

  #open(place: Place): Socket {
    if (this.#secure === undefined) return connectTcp({ ...place, noDelay: true });
    const session = this.#session === undefined ? {} : { session: this.#session };
    const socket = connectTls({ ...this.#secure, ...session, ...place });
    socket.setNoDelay(true);
    return socket.on('session', (latest) => void (this.#session = latest));
  }
}
