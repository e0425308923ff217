/** Has the number of a stream. */
export interface Numbered {
  readonly id: number;
}

const leastPlaces = 128;

/**
 * Streams by their number, which is odd and only grows.
 *
 * @cost nearly always a single look at the place that the number gives; a `Map` can only forget by being rebuilt
 */
export class StreamTable<Stream extends Numbered> {
  #places: (Stream | undefined)[] = Array.from({ length: leastPlaces });
  #mask = leastPlaces - 1;
  size = 0;

  /** The stream of that number; `undefined` if it is not there. */
  get(id: number): Stream | undefined {
    for (let at = (id >>> 1) & this.#mask; ; at = (at + 1) & this.#mask) {
      const stream = this.#places[at];
      if (stream === undefined || stream.id === id) return stream;
    }
  }

  add(stream: Stream): void {
    // At most half full, so that there is always an empty place to stop at.
    if (this.size * 2 >= this.#places.length) this.#grow();
    this.#put(stream);
    this.size++;
  }

  delete(id: number): void {
    let hole = (id >>> 1) & this.#mask;
    while (this.#places[hole] !== undefined && this.#places[hole]!.id !== id) hole = (hole + 1) & this.#mask;
    if (this.#places[hole] === undefined) return;
    this.size--;
    // Streams behind it that are not in their own place move up.
    for (let at = (hole + 1) & this.#mask; ; at = (at + 1) & this.#mask) {
      const stream = this.#places[at];
      if (stream === undefined) break;
      const home = (stream.id >>> 1) & this.#mask;
      if (((at - home) & this.#mask) < ((at - hole) & this.#mask)) continue;
      this.#places[hole] = stream;
      hole = at;
    }
    this.#places[hole] = undefined;
  }

  #put(stream: Stream): void {
    let at = (stream.id >>> 1) & this.#mask;
    while (this.#places[at] !== undefined) at = (at + 1) & this.#mask;
    this.#places[at] = stream;
  }

  #grow(): void {
    const all = this.#places;
    this.#places = Array.from({ length: all.length * 2 });
    this.#mask = this.#places.length - 1;
    for (const stream of all) if (stream !== undefined) this.#put(stream);
  }
}
