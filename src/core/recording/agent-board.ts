/** How one agent of a run is doing at this moment. */
export interface AgentNow {
  readonly host: string;
  /** Iterations completed a second, over the last second or so; NaN: it measures nothing. */
  readonly perSecond: number;
  /** CPU time of its process over that of the threads that it lends, 0 to 1; NaN: not known yet. */
  readonly cpuShare: number;
  /** Its clock may be so far beside the reference, in µs; Infinity: not known yet. */
  readonly withinUs: number;
  /** It was there, and is not any more. */
  readonly isLost: boolean;
}

/** Of a host's name, in UTF-8: longer ones are cut. */
const nameBytes = 64;
const cells = { isThere: 0, perSecond: 1, cpuShare: 2, withinUs: 3, isLost: 4, name: 5 };
const numbers = Object.keys(cells).length;
const rowBytes = numbers * Float64Array.BYTES_PER_ELEMENT + nameBytes;

/** What agents tell of themselves while a run is on, in memory that threads share: one writes, whoever shows it looks. */
export class AgentBoard {
  readonly memory: SharedArrayBuffer;

  /** @param memory as {@link memoryFor} makes it */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
  }

  /** For so many agents, none of which has come. */
  static memoryFor(agents: number): SharedArrayBuffer {
    return new SharedArrayBuffer(agents * rowBytes);
  }

  /** Those that have come, in their order, each with its place, from 1. */
  get agents(): readonly (AgentNow & { readonly agent: number })[] {
    return Array.from({ length: this.memory.byteLength / rowBytes }, (_, at) => at).flatMap((at) => {
      const row = this.#numbersOf(at);
      if (row[cells.isThere] === 0) return [];
      // A view of shared memory is no text to a decoder.
      const name = Uint8Array.from(this.#nameOf(at).subarray(0, row[cells.name]));
      return {
        agent: at + 1,
        host: new TextDecoder().decode(name),
        perSecond: row[cells.perSecond]!,
        cpuShare: row[cells.cpuShare]!,
        withinUs: row[cells.withinUs]!,
        isLost: row[cells.isLost] === 1,
      };
    });
  }

  /** Tells how one is doing. @param at its place, from 0 */
  tell(at: number, { host, perSecond, cpuShare, withinUs, isLost }: AgentNow): void {
    const { read, written } = new TextEncoder().encodeInto(host, new Uint8Array(nameBytes));
    this.#nameOf(at).set(new TextEncoder().encode(host.slice(0, read)));
    this.#numbersOf(at).set([1, perSecond, cpuShare, withinUs, isLost ? 1 : 0, written]);
  }

  #numbersOf(at: number): Float64Array {
    return new Float64Array(this.memory, at * rowBytes, numbers);
  }

  #nameOf(at: number): Uint8Array {
    return new Uint8Array(this.memory, at * rowBytes + numbers * Float64Array.BYTES_PER_ELEMENT, nameBytes);
  }
}
