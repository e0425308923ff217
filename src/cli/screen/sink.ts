import type { TerminalSink } from '../../core/terminal.ts';

/** How long until the terminal is asked again whether it takes the rest. */
const againMs = 20;

/**
 * Frames on the way to a terminal, each whole or not at all: while one is not yet taken, as after Ctrl-S, those that follow
 * are left out.
 */
export class Frames {
  readonly #terminal: TerminalSink;
  readonly #isClosed: () => boolean;
  #rest: Uint8Array = new Uint8Array();
  #again: NodeJS.Timeout | undefined;
  #whenTaken: (() => void)[] = [];

  /** @param isClosed whether nothing may be written any more */
  constructor(terminal: TerminalSink, isClosed: () => boolean = () => false) {
    this.#terminal = terminal;
    this.#isClosed = isClosed;
  }

  /** Whether a frame that is written now is left out. */
  get areHeld(): boolean {
    return this.#rest.length > 0;
  }

  /** Writes a frame, or leaves it out. */
  write(text: string): void {
    if (!this.areHeld) this.#send(new TextEncoder().encode(text));
  }

  /** Writes what may not be left out: behind what is still held. */
  add(text: string): void {
    const [rest, more] = [this.#rest, new TextEncoder().encode(text)];
    const all = new Uint8Array(rest.length + more.length);
    all.set(rest);
    all.set(more, rest.length);
    if (rest.length === 0) this.#send(all);
    else this.#rest = all;
  }

  /** Resolves when the terminal has taken everything. */
  async taken(): Promise<void> {
    if (!this.areHeld) return;
    return new Promise((resolve) => {
      this.#whenTaken.push(resolve);
    });
  }

  #send(bytes: Uint8Array): void {
    const written = this.#isClosed() ? bytes.length : this.#terminal.write(bytes);
    this.#rest = bytes.subarray(written);
    clearTimeout(this.#again);
    if (this.areHeld) this.#again = setTimeout(() => this.#send(this.#rest), againMs);
    else for (const taken of this.#whenTaken.splice(0)) taken();
  }
}
