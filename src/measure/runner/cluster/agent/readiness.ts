import type { Redis } from 'ioredis';
import { ContendError } from '../../../../core/errors.ts';
import type { Mode } from '../../../../core/plan/plan.ts';
import { checkOpenFiles } from '../../open-files.ts';
import { preflight, preflightLock } from '../../preflight.ts';
import type { PlanJob } from '../link/messages.ts';
import type { Blobs } from './blobs.ts';
import { lengthRefusal, refusalsOf } from './consent.ts';
import type { Lending } from './lending.ts';

/** What an agent needs to find out whether it can take part in a run. */
export interface ReadinessParts extends Pick<Lending, 'host' | 'consent' | 'threads'> {
  /** The number of agents in the run. */
  readonly agents: number;
  readonly blobs: Blobs;
  /** A connection that is used for nothing else. */
  readonly blocking: Redis;
  readonly signal: AbortSignal;
}

/**
 * Checks whether this machine may go where the run wants it to, and can: it connects there once, and receives what its
 * requests need.
 *
 * @returns why not, and how to fix it; `undefined` if it can
 */
export const whyNotReady = async (
  { lengthUs, ways, blobs: wanted }: PlanJob,
  parts: ReadinessParts,
): Promise<{ readonly why: string; readonly hint: string } | undefined> => {
  const { consent, host, agents, blobs, blocking, signal } = parts;
  const long = lengthRefusal(lengthUs, consent);
  const refusals = long === undefined ? [] : [long];
  for (const { mode, endpoint } of ways) {
    const found = await refusalsOf({ mode, endpoint, share: 1 / agents }, consent);
    refusals.push(...found.filter((one) => !refusals.includes(one)));
  }
  if (refusals.length > 0) return { why: refusals.join('; '), hint: '' };
  try {
    for (const { mode } of ways) checkFiles(mode, parts);
    for (const { mode, endpoint } of ways) {
      await preflight(mode, endpoint, host.clock, signal);
      await preflightLock(mode, host.clock);
    }
    await blobs.fetch(wanted, blocking);
    return undefined;
  } catch (error) {
    if (!(error instanceof ContendError)) throw error;
    return { why: error.message, hint: error.hint };
  }
};

/** Its share of the users needs as many open files here. @throws {ContendError} ERR_OPEN_FILES */
const checkFiles = (mode: Mode, { host, threads, agents }: ReadinessParts): void => {
  const users = Math.ceil(mode.load.users / (mode.agents ?? agents));
  checkOpenFiles([{ ...mode, load: { ...mode.load, users }, workers: threads }], host.openFilesLimit(), threads);
};
