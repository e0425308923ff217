import type { DrawnIteration } from '../core/recording/draw.ts';
import type { File } from '../core/file.ts';
import { csvOf } from './csv.ts';

/** What was drawn from a mode, with a name that is safe to show. */
export interface ModeSamples {
  readonly mode: string;
  readonly rows: readonly DrawnIteration[];
}

/** The name of the file. */
export const samplesName = 'samples.csv';

/**
 * `samples.csv` (RFC 4180): iterations drawn from all measured ones of a mode, each with the same chance, ordered by round and by
 * the time at which they were due.
 *
 * Rounds, workers and users count from 0; times are in µs, `started_s` in seconds since the measured part of the slot began.
 */
export const samplesCsv = (modes: readonly ModeSamples[]): File => ({
  name: samplesName,
  text: csvOf([
    columns,
    ...modes.flatMap(({ mode, rows }) =>
      rows
        .toSorted((a, b) => a.round - b.round || a.startedUs - b.startedUs || a.iteration - b.iteration)
        .map((row) => [
          mode,
          row.round + 1,
          row.worker + 1,
          row.user + 1,
          row.iteration,
          Number((row.startedUs / 1e6).toFixed(6)),
          row.outcome,
          row.failure,
          whole(row.responseUs),
          whole(row.queueWaitUs),
          whole(row.sendLagUs),
          whole(row.lockWaitUs),
          whole(row.serviceUs),
          whole(row.connectUs),
          whole(row.retriesUs),
        ]),
    ),
  ]),
});

const columns = [
  'mode',
  'round',
  'worker',
  'user',
  'iteration',
  'started_s',
  'outcome',
  'failure',
  'response_us',
  'queue_wait_us',
  'send_lag_us',
  'lock_wait_us',
  'service_us',
  'connect_us',
  'retries_us',
] as const;

const whole = (us: number | undefined): number | undefined => (us === undefined ? undefined : Math.floor(us));
