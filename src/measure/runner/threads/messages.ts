import type { ErrorCode } from '../../../core/errors.ts';
import type { Recording } from '../../../core/recording/recording.ts';
import type { Job } from '../../../core/slot.ts';
import type { Tables } from '../../../core/table.ts';
import type { Micros } from '../../../core/units.ts';

/** The messages to a worker. Once it is ready, a job begins at the time it is given; an abort ends it early. */
export type ToWorker =
  | {
      readonly kind: 'job';
      readonly job: Job;
      /** Zero of the run's clock, in ns of the clock that all threads of a process share. */
      readonly epochNs: bigint;
      /** In shared memory, so that nothing is copied however large they are. */
      readonly tables: Tables;
      /** Memory that the guards of all shards share. */
      readonly memory: SharedArrayBuffer;
      /** Memory of a `Live`, with a row for each thread. */
      readonly live: SharedArrayBuffer;
      /** This thread's row. */
      readonly row: number;
    }
  | { readonly kind: 'begin'; readonly atUs: Micros }
  | { readonly kind: 'abort'; readonly reason: string };

/** What a worker sends. Each job ends with its recording, or with what went wrong. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'refused'; readonly why: Refused }
  | { readonly kind: 'failed'; readonly how: string };

/** An error that ended a job and that the user can fix. */
export interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
