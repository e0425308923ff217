import type { Host } from '../core/host.ts';
import { exitCodes } from './exit-codes.ts';

/** What a signal or a key does to what is being measured. */
export interface Interruption {
  /** Aborted by the first, with its name as the reason: what was measured is reported. */
  readonly signal: AbortSignal;
  readonly interrupt: (by: 'SIGINT' | 'SIGTERM') => void;
}

/**
 * The first interruption ends what is being measured, the second the process.
 *
 * @param abandon leaves the terminal as it was, before the second does so
 */
export const interruption = (host: Host, abandon: () => void): Interruption => {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    interrupt: (by) => {
      if (controller.signal.aborted) {
        abandon();
        host.exit(exitCodes.interrupted[by]);
      }
      controller.abort(by);
    },
  };
};
