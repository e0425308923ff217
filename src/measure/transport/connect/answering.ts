import type { ConnectionCounts } from '../../../core/recording/recording.ts';

/** A connection only counts as starved after waiting this long. */
const leastWaitUs = 500_000;

/**
 * Later requests are sometimes served first; this often, on each of the other connections, only if the target will not
 * answer this one.
 */
const overtakings = 10;

/** A request of a scenario, as it is prepared once. */
export interface Asked {
  /** Answers to it on connections that had been in use before; counted by the code that receives them. */
  kept: number;
}

/**
 * Counts on how many of its open connections a target answers. One that gives each connection a worker, and has too few
 * workers, leaves the other connections unanswered while those that it has accepted go on.
 *
 * A connection is starved if no byte came on it for half a second, while the same request was answered ten times on each of
 * the others, and nothing came before one of those was closed either. So a request that takes long does not count, nor does
 * a target that serves all in turn, however slowly.
 */
export class Answering {
  #opened = 0;
  #mostOpen = 0;
  #mostAnswering = 0;
  #starved = 0;
  #open = 0;
  #answering = 0;
  /** Connections that had answers and are closed. */
  ended = 0;

  get counts(): Pick<ConnectionCounts, 'opened' | 'open' | 'answering' | 'starved'> {
    return { opened: this.#opened, open: this.#mostOpen, answering: this.#mostAnswering, starved: this.#starved };
  }

  /** A connection was opened. */
  open(): Line {
    this.#opened++;
    this.#open++;
    this.#mostOpen = Math.max(this.#mostOpen, this.#open);
    return new Line(this);
  }

  /** The first byte came on a connection. */
  heard(): void {
    this.#answering++;
    this.#mostAnswering = Math.max(this.#mostAnswering, this.#answering);
  }

  closed(isHeard: boolean): void {
    this.#open--;
    if (!isHeard) return;
    this.#answering--;
    this.ended++;
  }

  /** A first request has waited this long, and was overtaken this often. */
  waited(us: number, overtaken: number): void {
    if (us >= leastWaitUs && overtaken >= overtakings * Math.max(1, this.#mostAnswering)) this.#starved++;
  }
}

/** One connection, until its first byte. */
export class Line {
  /** A byte has come on it. */
  isHeard = false;
  readonly #all: Answering;
  #first:
    { readonly asked: Asked; readonly sinceUs: number; readonly kept: number; readonly ended: number } | undefined;

  constructor(all: Answering) {
    this.#all = all;
  }

  /** A request is sent on it, before any byte has come. */
  asks(asked: Asked, nowUs: number): void {
    this.#first = { asked, sinceUs: nowUs, kept: asked.kept, ended: this.#all.ended };
  }

  /** The first byte came on it. */
  heard(nowUs: number): void {
    this.isHeard = true;
    // If no connection had to be closed for it, it only took long.
    if (this.#first !== undefined && this.#all.ended > this.#first.ended) this.#waited(nowUs);
    this.#all.heard();
  }

  closed(nowUs: number): void {
    if (!this.isHeard) this.#waited(nowUs);
    this.#all.closed(this.isHeard);
  }

  #waited(nowUs: number): void {
    const first = this.#first;
    if (first !== undefined) this.#all.waited(nowUs - first.sinceUs, first.asked.kept - first.kept);
  }
}
