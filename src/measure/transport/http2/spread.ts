/** A connection that requests share. */
export interface Shared {
  readonly isOpen: boolean;
  readonly hasRoom: boolean;
  /** How many requests it accepts at a time. */
  readonly limit: number;
  hasRoomFor(requests: number): boolean;
  /** Settles when one with a limit of 0 accepts requests again, or is gone. @throws if that takes too long */
  room(): Promise<void>;
}

/** How a transport shares its connections. */
export interface SpreadOptions<Connection extends Shared> {
  /** The number of connections that users are spread over. */
  readonly connections: number;
  /** How many requests one accepts at a time, until it has said that it accepts fewer. */
  readonly streams: number;
  /** Opens one; `undefined` if there is none to be had. */
  readonly open: () => Promise<Connection | undefined>;
}

/** A connection being opened, and how many requests count on it. */
interface Dial<Connection> {
  readonly connected: Promise<Connection | undefined>;
  /** Whose place it takes; `undefined` if it is an additional one. */
  readonly home: number | undefined;
  claimed: number;
}

/**
 * Users spread over connections: each has one of a fixed number as its home. If that has no room, the user gets another one,
 * which is opened if none has. A user stays on its connection as long as there is room.
 *
 * @cost for a request whose user has a connection: two look-ups
 */
export class Spread<Connection extends Shared> {
  readonly all = new Set<Connection>();
  readonly #options: SpreadOptions<Connection>;
  readonly #homes: (Connection | undefined)[] = [];
  /** By user. */
  readonly #places: (Connection | undefined)[] = [];
  readonly #dials: Dial<Connection>[] = [];

  constructor(options: SpreadOptions<Connection>) {
    this.#options = options;
  }

  /** The connection for a user's next request; `undefined` if it has to wait for one. */
  take(user: number): Connection | undefined {
    const held = this.#places[user];
    if (held?.hasRoom === true) return held;
    const home = this.#homes[user % this.#options.connections];
    // It has to be replaced, even if others have room.
    if (home?.isOpen !== true) return undefined;
    const one = home.hasRoom ? home : this.withRoom(1);
    this.#places[user] = one;
    return one;
  }

  /**
   * Waits for a connection, which others may have filled by then.
   *
   * @returns `undefined` if there is none to be had
   * @throws why none could be opened
   */
  async wait(user: number): Promise<Connection | undefined> {
    const { connections, streams } = this.#options;
    const home = user % connections;
    const held = this.#homes[home];
    // Others would get the same answer.
    if (held?.isOpen === true && held.limit === 0) {
      await held.room();
      return held;
    }
    const isMissing = held?.isOpen !== true;
    const dialled = this.#dials.find((dial) => dial.home === home);
    if (isMissing && dialled === undefined) return this.#join(this.#dial(home), 1);
    const some = [...(dialled === undefined ? [] : [dialled]), ...this.#dials];
    return this.#join(some.find(({ claimed }) => claimed < streams) ?? this.#dial(undefined), 1);
  }

  /** Waits for one with room for this many requests at once; see {@link wait}. */
  async waitForAll(requests: number): Promise<Connection | undefined> {
    const { streams } = this.#options;
    const missing = this.#homes[0]?.isOpen === true ? undefined : 0;
    return this.#join(
      this.#dials.find(({ claimed }) => claimed + requests <= streams) ?? this.#dial(missing),
      requests,
    );
  }

  /** A connection that has room for this many requests. */
  withRoom(requests: number): Connection | undefined {
    for (const one of this.all) if (one.hasRoomFor(requests)) return one;
    return undefined;
  }

  #dial(home: number | undefined): Dial<Connection> {
    const dial: Dial<Connection> = { connected: this.#options.open(), home, claimed: 0 };
    this.#dials.push(dial);
    return dial;
  }

  async #join(dial: Dial<Connection>, requests: number): Promise<Connection | undefined> {
    dial.claimed += requests;
    try {
      const connection = await dial.connected;
      if (dial.home !== undefined) this.#homes[dial.home] = connection;
      return connection;
    } finally {
      const at = this.#dials.indexOf(dial);
      if (at >= 0) this.#dials.splice(at, 1);
    }
  }
}
