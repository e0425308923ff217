import { withPort } from '../core/plan/serve.ts';
import type { Mode } from '../core/plan/plan.ts';
import { openStore, parseStoreTarget } from '../store/open.ts';
import type { RunOptions } from './options.ts';

/** What requests are sent to, for as long as a run takes. */
export interface Target extends AsyncDisposable {
  readonly origin: string;
  /** CPU time that it has used so far, in µs, where it says. */
  readonly cpuUs?: () => Promise<number | undefined>;
}

/**
 * Opens a mode's target: the built-in store gets a process of its own, an address is taken as it is, with the port of what was
 * started there.
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
