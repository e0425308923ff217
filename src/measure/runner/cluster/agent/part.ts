import { basename, join } from 'node:path';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import type { Live } from '../../../../core/recording/live.ts';
import type { Recording } from '../../../../core/recording/recording.ts';
import { micros, type Micros } from '../../../../core/units.ts';
import { LostShare } from '../../carry.ts';
import type { ThreadPool } from '../../threads/pool.ts';
import { writeChunks } from '../link/chunks.ts';
import { epochNsFor, type ReferenceClock } from '../link/clock.ts';
import { bytesOf } from '../link/end.ts';
import type { Enlistment, Measured, SlotEnd, SlotJob } from '../link/messages.ts';
import { listOf } from '../link/names.ts';
import type { Seal } from '../link/seal.ts';
import type { Blobs } from './blobs.ts';
import { refusalsOf } from './consent.ts';
import type { SessionParts } from './lending.ts';

/** What a slot needs from its session. */
export interface PartParts extends SessionParts {
  readonly of: Enlistment;
  readonly seal: Seal;
  readonly clock: ReferenceClock;
  /** This machine's monotonic clock, in µs. */
  readonly nowUs: () => number;
  readonly live: Live;
  readonly pool: ThreadPool;
  readonly blobs: Blobs;
  /** Aborted when the session is over. */
  readonly over: AbortSignal;
  /** Reports to the controller that all threads are ready. */
  readonly ready: () => Promise<void>;
  /** Reports to the controller that the recording is ready to be taken. */
  readonly measured: () => Promise<void>;
}

/** One slot on one agent: its threads, from the job until the controller has what they recorded. */
export class Part {
  /** Id of its job. */
  readonly id: string;
  readonly slot: number;
  readonly #job: SlotJob;
  readonly #parts: PartParts;
  readonly #stopped = new AbortController();
  readonly #begins: Promise<Micros>;
  #beginAt: (at: Micros) => void = () => undefined;
  /** Reference minus this machine's clock, as known when the slot was opened. */
  readonly #offsetUs: number;
  readonly #fromUs: number;
  #noticeUs = 0;
  #hasBegun = false;

  constructor(id: string, job: SlotJob, parts: PartParts) {
    this.id = id;
    this.slot = job.slot;
    this.#job = job;
    this.#parts = parts;
    this.#fromUs = parts.nowUs();
    this.#offsetUs = parts.clock.at(this.#fromUs).offsetUs;
    this.#begins = new Promise((resolve) => {
      this.#beginAt = resolve;
    });
  }

  /** Starts it at this time, by Redis' clock, in µs since 1970. May be called again. */
  begin(atUs: number): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#noticeUs = Math.round(atUs - this.#offsetUs - this.#parts.nowUs());
    this.#beginAt(micros(atUs - this.#job.epochUs));
  }

  /** Starts no new iterations; those in flight drain. */
  abort(reason: string): void {
    this.#stopped.abort(reason);
  }

  /** Measures the slot, and sends what was recorded, or why nothing was. */
  async run(): Promise<void> {
    const { of, seal, redis, over, host } = this.#parts;
    const { histories: named } = this.#job.job;
    await using folder = named === undefined ? undefined : await host.makeTemporaryFolder();
    const end = await this.#end(folder?.path ?? '');
    // On the same connection as what follows, and before it: no need to wait for its answer in between.
    const telling = this.#parts.measured();
    const histories = end.kind === 'recording' ? end.recording.histories : [];
    const files = histories.map(({ path }) => host.readBytes(path));
    const key = listOf(of.run, of.shard, `slot-${this.slot}`);
    await Promise.all([telling, writeChunks(redis, { key, seal, signal: over }, bytesOf(end, files))]);
  }

  async #end(folder: string): Promise<SlotEnd> {
    try {
      const refusals = await this.#refusals();
      if (refusals.length > 0)
        return { kind: 'refused', why: { code: 'ERR_AGENTS', message: refusals.join('; '), hint: '' } };
      return { kind: 'recording', ...this.#measured(await this.#recorded(folder)) };
    } catch (error) {
      if (error instanceof LostShare) {
        const { message, rest } = error;
        return { kind: 'lost', how: message, ...(rest === undefined ? {} : { rest: this.#measured(rest) }) };
      }
      if (!(error instanceof ContendError)) return { kind: 'lost', how: `failed: ${messageOf(error)}` };
      const { code, message, hint } = error;
      return { kind: 'refused', why: { code, message, hint } };
    }
  }

  /** Checked again, as this is the job that would run, whatever was asked before the run. */
  async #refusals(): Promise<readonly string[]> {
    const { job, count } = this.#job;
    const { threads, consent } = this.#parts;
    return refusalsOf({ mode: job.mode, endpoint: job.endpoint, share: threads / count }, consent);
  }

  #measured(recording: Recording): Measured {
    const { clock, nowUs } = this.#parts;
    const withinUs = clock.errorOf(this.#offsetUs, this.#fromUs, nowUs());
    return { recording, noticeUs: this.#noticeUs, withinUs: withinUs === Infinity ? null : withinUs };
  }

  async #recorded(folder: string): Promise<Recording> {
    const { job, first, count, files, tables, epochUs } = this.#job;
    const { pool, live, threads, blobs, over, ready } = this.#parts;
    const { endpoint, histories } = job;
    const begin = async (): Promise<Micros> => {
      await ready();
      return this.#begins;
    };
    return pool.carryPart(
      {
        ...job,
        endpoint: files === undefined ? endpoint : { ...endpoint, files: blobs.files(files) },
        ...(histories === undefined ? {} : { histories: join(folder, basename(histories)) }),
      },
      { first, count, threads, epochNs: epochNsFor(epochUs, this.#offsetUs), begin },
      {
        signal: AbortSignal.any([this.#stopped.signal, over]),
        live,
        tables: Object.fromEntries(Object.entries(tables).map(([name, hash]) => [name, blobs.table(hash)])),
      },
    );
  }
}
