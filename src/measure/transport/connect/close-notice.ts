import type { Socket } from 'node:net';

/** Node's handle of TLS, with that of the underlying connection: neither is public. */
interface Handle {
  readonly _parent?: { readonly bytesRead?: number };
}

/**
 * Whether a target announced the end of a TLS connection, as it has to (close_notify): without that, a body that ends with
 * its connection cannot be told from one that was cut off. Node does not report it. But either the notice is bytes that
 * bring the reader no data, or it came with the last of the body, and then the end follows within the same turn.
 */
export class CloseNotice {
  readonly #socket: Socket & { readonly _handle?: Handle | null };
  /** Encrypted bytes read, up to the end of the body. */
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

  /** Whether there was no notice, now that the connection has ended; also false if that cannot be known. */
  isMissing(): boolean {
    return this.#bytes >= 0 && !this.#isInTurn && this.#bytesRead() === this.#bytes;
  }

  /** -1 if it is not a TLS connection, or not one that Node made itself. */
  #bytesRead(): number {
    return 'encrypted' in this.#socket ? (this.#socket._handle?._parent?.bytesRead ?? -1) : -1;
  }
}
