import { withPort } from '../core/plan/serve.ts';
import type { Mode } from '../core/plan/plan.ts';
import { openStore, parseStoreTarget } from '../store/open.ts';
import type { RunOptions } from './options.ts';

/** A target of requests, for as long as a run takes. */
export interface Target extends AsyncDisposable {
  readonly origin: string;
  /** CPU time that it has used so far, in µs, if it reports that. */
  readonly cpuUs?: () => Promise<number | undefined>;
}

/**
 * Opens a mode's target: the built-in store gets a process of its own, an address is used as it is, with the port of the program
 * started for it.
 *
 * @throws {ContendError} ERR_STORE
 */
export const openTarget = async (
  { target }: Mode,
  port: number | undefined,
  { host: { execPath }, signal }: RunOptions,
): Promise<Target> =>
  target.startsWith('builtin:')
    ? openStore({ execPath, ...parseStoreTarget(target) }, signal)
    : { origin: port === undefined ? target : withPort(target, port), [Symbol.asyncDispose]: async () => undefined };
