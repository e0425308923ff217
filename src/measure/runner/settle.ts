import type { Mode } from '../../core/plan/plan.ts';
import type { Endpoint, Job } from '../../core/slot.ts';

/** Whether the target shares this machine's cores with the generator. */
const isLocal = ({ addresses }: Endpoint): boolean =>
  addresses.every((address) => address === '::1' || address.startsWith('127.'));

/**
 * How many threads a mode gets. `auto`: one for each core, minus one for a target on this machine, and never more than there
 * are users.
 */
const workersOf = ({ workers, load }: Mode, endpoint: Endpoint, cores: number): number =>
  workers === 'auto' ? Math.max(1, Math.min(load.users, cores - (isLocal(endpoint) ? 1 : 0))) : workers;

/** How a mode waits for its next arrival. `auto`: `hybrid` if there is a spare core for it. */
export const pacingOf = ({ pacing }: Mode, workers: number, endpoint: Endpoint, cores: number): Job['pacing'] => {
  if (pacing !== 'auto') return pacing;
  return cores >= workers + 1 + (isLocal(endpoint) ? 1 : 0) ? 'hybrid' : 'relaxed';
};

/** How many threads of this machine a mode gets, and how they wait. */
export const settledOn = (
  mode: Mode,
  endpoint: Endpoint,
  cores: number,
): { readonly workers: number; readonly pacing: Job['pacing'] } => {
  const workers = workersOf(mode, endpoint, cores);
  return { workers, pacing: pacingOf(mode, workers, endpoint, cores) };
};
