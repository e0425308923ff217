import type { ErrorCode } from '../../../core/errors.ts';
import type { Recording } from '../../../core/recording/recording.ts';
import type { Job } from '../../../core/slot.ts';
import type { Tables } from '../../../core/table.ts';
import type { Micros } from '../../../core/units.ts';

/** The messages to a worker. A job begins at the moment that it gets once it is ready; an abort ends it early. */
export type ToWorker =
  | {
      readonly kind: 'job';
      readonly job: Job;
      /** Zero of the run's clock, in ns of the clock that all threads of a process share. */
      readonly epochNs: bigint;
      /** In memory that is shared, so that nothing is copied however large they are. */
      readonly tables: Tables;
      /** What the guards of all shards share. */
      readonly memory: SharedArrayBuffer;
      /** Of a `Live`, with a row for each thread. */
      readonly live: SharedArrayBuffer;
      /** Which of them is this thread's. */
      readonly row: number;
    }
  | { readonly kind: 'begin'; readonly atUs: Micros }
  | { readonly kind: 'abort'; readonly reason: string };

/** What a worker tells. Each job ends with its recording, or with what went wrong. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'refused'; readonly why: Refused }
  | { readonly kind: 'failed'; readonly how: string };

/** An error that a user can mend, which ended a job. */
export interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
