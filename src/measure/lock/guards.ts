import { localGuards } from './local/local.ts';
import type { GuardOptions, MakeGuard } from './lock.ts';
import { sharedGuards } from './shared/shared.ts';

/**
 * Makes the guards of one slot, as this thread sees them.
 *
 * @param memory memory that all threads of the slot share; `undefined` with only one
 */
export const guardsOver = (memory: SharedArrayBuffer | undefined, threads: number, how: GuardOptions): MakeGuard =>
  memory === undefined ? localGuards(how) : sharedGuards(memory, threads, how);
