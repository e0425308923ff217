import type { Host } from '../core/host.ts';
import { exitCodes } from './exit-codes.ts';

/** How a signal or a key interrupts a measurement. */
export interface Interruption {
  /** Aborted by the first interruption, with its name as the reason: what was measured is reported. */
  readonly signal: AbortSignal;
  readonly interrupt: (by: 'SIGINT' | 'SIGTERM') => void;
}

/**
 * The first interruption ends the measurement, the second ends the process.
 *
 * @param abandon restores the terminal before the second interruption ends the process
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
