import { setTimeout } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Clock } from '../../../core/clock.ts';
import { ContendError } from '../../../core/errors.ts';
import { Live } from '../../../core/recording/live.ts';
import type { Micros } from '../../../core/units.ts';
import { openFile, threadClock, threadCpuUs } from '../../../host.ts';
import { runJob } from '../../engine/engine.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** The current job, as far as messages affect it. */
interface Running {
  readonly abort: (reason: string) => void;
  readonly begin: (atUs: Micros) => void;
}

let running: Running | undefined;

/** The last part of the wait for the start, in which the thread receives no messages: a timer of Node is up to a ms late. */
const deafMs = 4;

/** The very last part of it, spent checking the clock: any longer would take up a core that other threads need to start. */
const spunMs = 0.1;

const nobodyWakes = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Sleeps until a given time, to a few µs; the system wakes a thread that has slept before those that have run all the time. */
const sleepUntil = (clock: Clock, atUs: Micros): void => {
  const leftMs = (atUs - clock.now()) / 1000 - spunMs;
  if (leftMs > 0) Atomics.wait(nobodyWakes, 0, 0, leftMs);
  while (clock.now() < atUs);
};

const tell = (message: FromWorker): void => parentPort!.postMessage(message);

const carryOut = async (message: ToWorker & { readonly kind: 'job' }): Promise<void> => {
  const { job, tables, memory, live, row, epochNs } = message;
  const clock = threadClock(epochNs);
  const over = new AbortController();
  const begins = new Promise<Micros>((resolve) => {
    running = { abort: (reason) => over.abort(reason), begin: resolve };
    // If another shard could not get ready, the start message never comes.
    over.signal.addEventListener('abort', () => resolve(clock.now()), { once: true });
  });
  const recording = await runJob(job, {
    clock,
    signal: over.signal,
    live: new Live(live, row),
    cpuUs: threadCpuUs,
    openFile,
    wallClockMs: () => Date.now(),
    tables,
    memory,
    start: async () => {
      tell({ kind: 'ready' });
      const atUs = await begins;
      // Agents on other machines may be far away.
      const aheadMs = (atUs - clock.now()) / 1000 - deafMs;
      if (aheadMs > 1) await setTimeout(aheadMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (!over.signal.aborted) sleepUntil(clock, atUs);
      return atUs;
    },
  });
  tell({ kind: 'recording', recording });
};

/** Message and first line of the stack: what a report of a lost worker can show. */
const howOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const where = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return where === undefined ? error.message : `${error.message} (${where.trim()})`;
};

const endOf = (error: unknown): FromWorker => {
  if (!(error instanceof ContendError)) return { kind: 'failed', how: howOf(error) };
  const { code, message, hint } = error;
  return { kind: 'refused', why: { code, message, hint } };
};

// A listener keeps the thread alive: a wait for a lock of another thread does not, nor do idle connections.
parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'job') carryOut(message).catch((error: unknown) => tell(endOf(error)));
  else if (message.kind === 'begin') running?.begin(message.atUs);
  else running?.abort(message.reason);
});
