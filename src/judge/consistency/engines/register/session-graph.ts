import { bytes, integers, words } from '../columns/scratch.ts';

/** One chain was there before another, because a session did `fromRow` on the one and then `toRow` on the other. */
export interface SessionEdge {
  readonly fromRow: number;
  readonly toRow: number;
}

/** Which chain came before which, according to what each session did in turn. 20 bytes an edge and 12 a chain. */
export class SessionGraph {
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #fromRow: Uint32Array;
  readonly #toRow: Uint32Array;
  readonly #nodes: number;
  #count = 0;

  /** For chains numbered below `nodes` and up to `edges` edges. */
  constructor(nodes: number, edges: number) {
    this.#nodes = nodes;
    this.#from = integers(edges);
    this.#to = integers(edges);
    this.#fromRow = words(edges);
    this.#toRow = words(edges);
  }

  /** Chain `from` was there before chain `to`; the two must differ. */
  add(fromRow: number, from: number, toRow: number, to: number): void {
    this.#from[this.#count] = from;
    this.#to[this.#count] = to;
    this.#fromRow[this.#count] = fromRow;
    this.#toRow[this.#count++] = toRow;
  }

  /** The edges of a circle, the shortest through one of its chains; empty if there is no circle. */
  cycle(): readonly SessionEdge[] {
    const { starts, edges } = this.#outgoing();
    const missing = integers(this.#nodes);
    for (let i = 0; i < this.#count; i++) missing[this.#to[i]!]!++;
    const queue = integers(this.#nodes);
    let end = 0;
    for (let node = 0; node < this.#nodes; node++) if (missing[node] === 0) queue[end++] = node;
    for (let at = 0; at < end; at++)
      for (let i = starts[queue[at]!]!; i < starts[queue[at]! + 1]!; i++) {
        const to = this.#to[edges[i]!]!;
        if (--missing[to]! === 0) queue[end++] = to;
      }
    return end === this.#nodes ? [] : this.#shortest(this.#onCircle(missing), starts, edges, missing);
  }

  #outgoing(): { readonly starts: Int32Array; readonly edges: Int32Array } {
    const starts = integers(this.#nodes + 2);
    for (let i = 0; i < this.#count; i++) starts[this.#from[i]! + 2]!++;
    for (let node = 1; node < starts.length; node++) starts[node]! += starts[node - 1]!;
    const edges = integers(this.#count);
    for (let i = 0; i < this.#count; i++) edges[starts[this.#from[i]! + 1]!++] = i;
    return { starts, edges };
  }

  /** Going back from any chain that is left leads to a circle. */
  #onCircle(missing: Int32Array): number {
    const back = integers(this.#nodes).fill(-1);
    for (let i = 0; i < this.#count; i++) if (missing[this.#from[i]!]! > 0) back[this.#to[i]!] = this.#from[i]!;
    let node = missing.findIndex((count) => count > 0);
    const seen = bytes(this.#nodes);
    for (; seen[node] === 0; node = back[node]!) seen[node] = 1;
    return node;
  }

  #shortest(start: number, starts: Int32Array, edges: Int32Array, missing: Int32Array): readonly SessionEdge[] {
    const by = integers(this.#nodes).fill(-1);
    const queue = [start];
    for (let at = 0; at < queue.length && by[start]! < 0; at++)
      for (let i = starts[queue[at]!]!; i < starts[queue[at]! + 1]!; i++) {
        const to = this.#to[edges[i]!]!;
        if (missing[to] === 0 || by[to]! >= 0) continue;
        by[to] = edges[i]!;
        queue.push(to);
      }
    const circle: SessionEdge[] = [];
    let node = start;
    do {
      const edge = by[node]!;
      circle.unshift({ fromRow: this.#fromRow[edge]!, toRow: this.#toRow[edge]! });
      node = this.#from[edge]!;
    } while (node !== start);
    return circle;
  }
}
