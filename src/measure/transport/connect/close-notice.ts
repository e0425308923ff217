import type { Socket } from 'node:net';

/** Node's handle of TLS, with that of the connection beneath it: what neither has a word for in public. */
interface Handle {
  readonly _parent?: { readonly bytesRead?: number };
}

/**
 * Whether a target said that it ends a connection of TLS, as it has to (close_notify): without it nobody can tell a body that ends
 * with its connection from one that was cut off. Node tells nobody. But the notice is bytes that carry nothing for the reader,
 * or it came with the last of the body, and the end then follows within the same turn.
 */
export class CloseNotice {
  readonly #socket: Socket & { readonly _handle?: Handle | null };
  /** Encrypted bytes, up to the last of the body. */
  #bytes = -1;
  #isInTurn = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Some of the body was read. */
  read(): void {
    this.#bytes = this.#bytesRead();
    this.#isInTurn = true;
    setImmediate(() => (this.#isInTurn = false));
  }

  /** Whether there was none, now that the connection has ended; false also where that cannot be known. */
  isMissing(): boolean {
    return this.#bytes >= 0 && !this.#isInTurn && this.#bytesRead() === this.#bytes;
  }

  /** -1: it is no connection of TLS, or not one of Node's own making. */
  #bytesRead(): number {
    return 'encrypted' in this.#socket ? (this.#socket._handle?._parent?.bytesRead ?? -1) : -1;
  }
}
