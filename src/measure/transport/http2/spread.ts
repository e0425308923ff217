/** A connection that requests share. */
export interface Shared {
  readonly isOpen: boolean;
  readonly hasRoom: boolean;
  /** How many requests it takes at a time. */
  readonly limit: number;
  hasRoomFor(requests: number): boolean;
  /** Settles when one with a limit of 0 takes requests again, or is gone. @throws where that takes too long */
  room(): Promise<void>;
}

/** How a transport shares its connections out. */
export interface SpreadOptions<Connection extends Shared> {
  /** Over how many users are spread. */
  readonly connections: number;
  /** How many requests one takes at a time, as long as it has not said that it takes fewer. */
  readonly streams: number;
  /** Opens one; undefined: there is none to be had. */
  readonly open: () => Promise<Connection | undefined>;
}

/** A connection on its way, and how many requests count on it. */
interface Dial<Connection> {
  readonly connected: Promise<Connection | undefined>;
  /** Whose place it takes; undefined: it is one more. */
  readonly home: number | undefined;
  claimed: number;
}

/**
 * Users spread over connections: each has one of so many as its home, and where that has no room another one, which is opened
 * where none has. A user stays where it was, as long as there is room.
 *
 * @cost of a request whose user has found its connection: two look-ups
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

  /** The connection that a user's next request goes out on; undefined: one is to be waited for. */
  take(user: number): Connection | undefined {
    const held = this.#places[user];
    if (held?.hasRoom === true) return held;
    const home = this.#homes[user % this.#options.connections];
    // Its place is to be taken, also where others have room.
    if (home?.isOpen !== true) return undefined;
    const one = home.hasRoom ? home : this.withRoom(1);
    this.#places[user] = one;
    return one;
  }

  /**
   * Waits for a connection, which others may have filled by then.
   *
   * @returns undefined: there is none to be had
   * @throws why none could be opened
   */
  async wait(user: number): Promise<Connection | undefined> {
    const { connections, streams } = this.#options;
    const home = user % connections;
    const held = this.#homes[home];
    // Others would be told the same.
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

  /** Waits for one with room for so many requests at once; see {@link wait}. */
  async waitForAll(requests: number): Promise<Connection | undefined> {
    const { streams } = this.#options;
    const missing = this.#homes[0]?.isOpen === true ? undefined : 0;
    return this.#join(
      this.#dials.find(({ claimed }) => claimed + requests <= streams) ?? this.#dial(missing),
      requests,
    );
  }

  /** One that has room for so many requests. */
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
