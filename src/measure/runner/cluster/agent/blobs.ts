import type { Redis } from 'ioredis';
import type { Endpoint } from '../../../../core/slot.ts';
import type { Table } from '../../../../core/table.ts';
import { readWhole } from '../link/chunks.ts';
import type { Blob, Enlistment } from '../link/messages.ts';
import { listOf } from '../link/names.ts';
import type { Seal } from '../link/seal.ts';

/** What an agent was sent for the duration of a run, by its hash. */
export class Blobs {
  readonly #of: Enlistment;
  readonly #seal: Seal;
  readonly #signal: AbortSignal;
  readonly #tables = new Map<string, Table>();
  readonly #files = new Map<string, Endpoint['files']>();

  constructor(of: Enlistment, seal: Seal, signal: AbortSignal) {
    this.#of = of;
    this.#seal = seal;
    this.#signal = signal;
  }

  /** Receives the blobs, each through its own list. @throws {ChunkError} */
  async fetch(blobs: readonly Blob[], blocking: Redis): Promise<void> {
    const { run, shard } = this.#of;
    for (const blob of blobs) {
      const bytes = await readWhole(blocking, {
        key: listOf(run, shard, blob.hash),
        seal: this.#seal,
        signal: this.#signal,
      });
      if (blob.kind === 'files') this.#files.set(blob.hash, JSON.parse(bytes.toString()) as Endpoint['files']);
      else this.#tables.set(blob.hash, tableOf(blob, bytes));
    }
  }

  /** @throws {Error} if it was not sent */
  table(hash: string): Table {
    return there(this.#tables.get(hash), hash);
  }

  /** The files that requests send. @throws {Error} if they were not sent */
  files(hash: string): NonNullable<Endpoint['files']> {
    return there(this.#files.get(hash), hash);
  }
}

const there = <Given>(given: Given | undefined, hash: string): Given => {
  if (given === undefined) throw new Error(`what has the hash ${hash} was not sent`);
  return given;
};

const tableOf = ({ rows, rowBytes, columns, keys }: Blob & { readonly kind: 'table' }, given: Buffer): Table => {
  const bytes = new SharedArrayBuffer(rowBytes);
  new Uint8Array(bytes).set(given.subarray(0, rowBytes));
  const ends = new SharedArrayBuffer(given.length - rowBytes);
  new Uint8Array(ends).set(given.subarray(rowBytes));
  return {
    rows,
    bytes,
    ends,
    ...(columns === undefined ? {} : { columns }),
    ...(keys === undefined ? {} : { keys }),
  };
};
