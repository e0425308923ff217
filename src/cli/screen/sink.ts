import type { TerminalSink } from '../../core/terminal.ts';
import { Gate } from './gate.ts';

/** How long until the rest is offered to the terminal again. */
const againMs = 20;

/**
 * Frames on the way to a terminal, each whole or not at all. While one is not fully accepted, as after Ctrl-S, those that follow
 * are skipped.
 */
export class Frames {
  readonly #terminal: TerminalSink;
  readonly #gate: Gate;
  #rest: Uint8Array = new Uint8Array();
  #again: NodeJS.Timeout | undefined;
  #whenTaken: (() => void)[] = [];

  constructor(terminal: TerminalSink, gate = new Gate()) {
    this.#terminal = terminal;
    this.#gate = gate;
  }

  /** Whether a frame written now would be skipped. */
  get areHeld(): boolean {
    return this.#rest.length > 0;
  }

  /** Writes a frame, or skips it. */
  write(text: string): void {
    if (!this.areHeld) this.#send(new TextEncoder().encode(text));
  }

  /** Writes what may not be skipped, after what is still held. */
  add(text: string): void {
    const [rest, more] = [this.#rest, new TextEncoder().encode(text)];
    const all = new Uint8Array(rest.length + more.length);
    all.set(rest);
    all.set(more, rest.length);
    if (rest.length === 0) this.#send(all);
    else this.#rest = all;
  }

  /** Resolves when the terminal has accepted everything. */
  async taken(): Promise<void> {
    if (!this.areHeld) return;
    return new Promise((resolve) => {
      this.#whenTaken.push(resolve);
    });
  }

  #send(bytes: Uint8Array): void {
    const written = this.#gate.through(() => this.#terminal.write(bytes)) ?? bytes.length;
    this.#rest = bytes.subarray(written);
    clearTimeout(this.#again);
    if (this.areHeld) this.#again = setTimeout(() => this.#send(this.#rest), againMs);
    else for (const taken of this.#whenTaken.splice(0)) taken();
  }
}
