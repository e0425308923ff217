import type { Clock } from '../../../../core/clock.ts';
import { ContendError } from '../../../../core/errors.ts';
import type { Declined } from '../link/messages.ts';
import { protocolVersion } from '../link/seal.ts';
import { untilIs, type Remote } from './remote.ts';

/** Which agents to wait for, and for how long. */
export interface RollCall {
  readonly remotes: readonly Remote[];
  readonly clock: Clock;
  readonly waitMs: number;
  /** Once aborted, waiting ends, and its reason is thrown. */
  readonly signal: AbortSignal;
  /** The version of contend. */
  readonly version: string;
}

/**
 * Waits until a condition is true for every agent.
 *
 * @param late makes the error if that is not so in time
 * @throws {ContendError} ERR_AGENTS as soon as one declines or refuses
 * @throws the signal's reason
 */
export const rollCall = async (
  { remotes, clock, waitMs, signal, version }: RollCall,
  is: (remote: Remote) => boolean,
  late: (come: readonly Remote[]) => ContendError,
): Promise<void> => {
  const untilUs = clock.now() + waitMs * 1000;
  await untilIs(remotes, () => {
    signal.throwIfAborted();
    throwIfDeclined(remotes, version);
    throwIfRefused(remotes);
    const come = remotes.filter(is);
    if (come.length < remotes.length && clock.now() > untilUs) throw late(come);
    return come.length === remotes.length;
  });
};

const throwIfDeclined = (remotes: readonly Remote[], version: string): void => {
  const declined = remotes.flatMap((remote) => remote.declined ?? []);
  if (declined.length === 0) return;
  throw new ContendError(
    'ERR_AGENTS',
    `Agents have declined: ${[...new Set(declined.map((one) => whyDeclined(one, version)))].join('; ')}.`,
    'All machines of a run have the same contend, and the same CONTEND_CLUSTER_KEY.',
  );
};

const whyDeclined = ({ why, host, version, protocol }: Declined, own: string): string =>
  ({
    protocol: `${host} has contend ${version} with protocol ${protocol}, and this is contend ${own} with protocol ${protocolVersion}`,
    version: `${host} has contend ${version}, and this is contend ${own}`,
    seal: `${host} has another CONTEND_CLUSTER_KEY`,
  })[why];

const throwIfRefused = (remotes: readonly Remote[]): void => {
  const refused = remotes.flatMap(({ name, refused }) => (refused === undefined ? [] : [{ name, ...refused }]));
  if (refused.length === 0) return;
  throw new ContendError(
    'ERR_AGENTS',
    `${refused.map(({ name, why }) => `${name} refuses: ${why}`).join('; ')}.`,
    refused[0]!.hint || 'An agent decides where it may send load: start it with the flags that it names.',
  );
};
