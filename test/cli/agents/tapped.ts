import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** From whoever connects to the server, or to him. */
export type Way = 'there' | 'back';

interface Watched {
  readonly way: Way;
  readonly pattern: RegExp;
  readonly strike: () => void;
  /** What the first group of the pattern matched before: an agent that was cut off says once more what it said to an earlier run. */
  readonly old: ReadonlySet<string>;
}

/** Of what came before, so that a pattern is found although it comes in two pieces. */
const keptChars = 300;

/**
 * A link to a server of this machine which is listened in on, so that something can happen just as something certain is on its way;
 * and which can be cut as a cable is, with nobody being told, plugged in again, or end all its connections at once.
 */
export class TappedLink implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #watched: Watched | undefined;
  /** The runs whose traffic has passed, by id. */
  readonly #runs = new Set<string>();
  /** What waits for the cable; undefined: it is plugged in. */
  #held: (() => void)[] | undefined;

  private constructor(server: Server, to: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client: Socket) => {
      const target = connect({ port: to, host: '127.0.0.1', noDelay: true });
      this.#forward('there', client, target);
      this.#forward('back', target, client);
    });
  }

  static async open(to: number): Promise<TappedLink> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TappedLink(server, to);
  }

  /**
   * Calls back, once, when something that matches is about to pass, and stops watching then.
   *
   * @param pattern its first group is the id of a run; one that has passed already does not count
   */
  watch(way: Way, pattern: string, strike: () => void): void {
    this.#watched = { way, pattern: new RegExp(pattern, 'gu'), strike, old: new Set(this.#runs) };
  }

  /** Nothing arrives any more on either side, and no connection ends. */
  cut(): void {
    this.#held ??= [];
  }

  /** What was on its way arrives, late. */
  mend(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const go of held) go();
  }

  /** Ends all connections; what was on its way is lost, and who connects again is let through. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(way: Way, from: Socket, to: Socket): void {
    let before = '';
    const go = (then: () => void): void => void (this.#held === undefined ? then() : this.#held.push(then));
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      const text = before + bytes.toString('latin1');
      for (const [, run] of text.matchAll(/contend:([0-9a-f]{16})[:-]/gu)) this.#runs.add(run!);
      const watched = this.#watched;
      // What ended before was looked at then.
      const isNew = ({ index, 0: found, 1: run }: RegExpExecArray): boolean =>
        index + found.length > before.length && !watched!.old.has(run!);
      if (watched?.way === way && [...text.matchAll(watched.pattern)].some(isNew)) {
        this.#watched = undefined;
        watched.strike();
      }
      before = text.slice(-keptChars);
      go(() => void (to.destroyed || to.write(bytes)));
    });
    from.on('end', () => go(() => void to.end()));
    from.on('error', () => go(() => void to.destroy()));
    from.on('close', () => this.#sockets.delete(from));
  }
}
