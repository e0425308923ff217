import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Endpoint } from '../../../../core/slot.ts';
import type { Table, Tables } from '../../../../core/table.ts';
import { writeChunks } from '../link/chunks.ts';
import type { Blob } from '../link/messages.ts';
import { listOf } from '../link/names.ts';
import type { Remote } from './remote.ts';

/** Something sent to agents once, and how it is announced to them. */
interface Sent {
  readonly blob: Blob;
  readonly parts: readonly Uint8Array[];
}

/** The tables of a run and the files of its modes: each once, by its hash, for any number of modes. */
export class SentBlobs {
  readonly #sent = new Map<string, Sent>();
  readonly #tables = new Map<string, string>();
  readonly #files = new Map<string, string>();

  constructor(tables: Tables, endpoints: ReadonlyMap<string, Endpoint>) {
    for (const [name, table] of Object.entries(tables)) this.#tables.set(name, this.#add(tableBlob(table)));
    for (const [mode, { files }] of endpoints)
      if (files !== undefined) this.#files.set(mode, this.#add(filesBlob(files)));
  }

  /** The blobs to announce to agents. */
  get list(): readonly Blob[] {
    return [...this.#sent.values()].map(({ blob }) => blob);
  }

  /** The hash of each table, by name. */
  get tables(): { readonly [name: string]: string } {
    return Object.fromEntries(this.#tables);
  }

  /** The hash of the files of a mode; `undefined` if it sends none. */
  filesOf(mode: string): string | undefined {
    return this.#files.get(mode);
  }

  /** Sends all of them to one agent. */
  async sendTo({ of: { run, shard }, seal }: Remote, redis: Redis, signal: AbortSignal): Promise<void> {
    for (const { blob, parts } of this.#sent.values())
      await writeChunks(redis, { key: listOf(run, shard, blob.hash), seal, signal }, parts);
  }

  #add(sent: Sent): string {
    this.#sent.set(sent.blob.hash, sent);
    return sent.blob.hash;
  }
}

const hashOf = (parts: readonly Uint8Array[], about: unknown): string => {
  const hash = createHash('sha256').update(JSON.stringify(about));
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

const tableBlob = ({ rows, bytes, ends, columns, keys }: Table): Sent => {
  const parts = [new Uint8Array(bytes), new Uint8Array(ends)];
  const about = {
    rows,
    rowBytes: bytes.byteLength,
    ...(columns === undefined ? {} : { columns }),
    ...(keys === undefined ? {} : { keys }),
  };
  return { blob: { kind: 'table', hash: hashOf(parts, about), ...about }, parts };
};

const filesBlob = (files: NonNullable<Endpoint['files']>): Sent => {
  const parts = [Buffer.from(JSON.stringify(files))];
  return { blob: { kind: 'files', hash: hashOf(parts, 'files') }, parts };
};
