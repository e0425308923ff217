import type { Redis } from 'ioredis';

/** All keys and channels begin with it: one rule of an ACL lets a user of the server in. */
export const prefix = 'contend';

/** The queue on which agents wait for a run, one job for each that a run asks for. */
export const agentsQueue = 'agents';

/** The queue of one agent for the length of one run. */
export const slotsQueue = (run: string, shard: number): string => `${run}-${shard}`;

/** The channel on which an agent hears the controller. */
export const toAgent = (run: string, shard: number): string => `${prefix}:${run}:${shard}:to`;

/** The channel on which the controller hears an agent. */
export const toController = (run: string, shard: number): string => `${prefix}:${run}:${shard}:from`;

/** There for as long as the run: a Redis that was restarted has forgotten it. */
export const markOf = (run: string): string => `${prefix}:${run}:here`;

/** How long it is there if nobody says again that the run goes on; and until somebody can, as a thread begins for that. */
export const [markMs, firstMarkMs] = [10_000, 60_000];

/** The list that something large goes through, to an agent or from it. */
export const listOf = (run: string, shard: number, what: string): string => `${prefix}:${run}:${shard}:${what}`;

/** What nobody renews is gone after an hour. */
const expiryMs = 3_600_000;

/** The keys that BullMQ has for a queue, as far as it makes them without being asked for. */
const suffixes = [
  'active',
  'completed',
  'delayed',
  'events',
  'failed',
  'id',
  'marker',
  'meta',
  'metrics:completed',
  'metrics:failed',
  'paused',
  'pc',
  'prioritized',
  'stalled',
  'stalled-check',
  'wait',
  'waiting-children',
] as const;

/** How a job is put on a queue: tried once, and nothing of it is kept. */
export const jobOptions = (jobId: string) =>
  ({ jobId, attempts: 1, removeOnComplete: true, removeOnFail: true }) as const;

/** One command, whatever the number of keys: as many of them would cost a controller a millisecond for each agent and slot. */
const expireAll = "for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end";

/**
 * Gives everything that BullMQ keeps of a queue an expiry: it sets none itself. A key that is made anew loses it, so whoever
 * uses a queue says it every second.
 *
 * @param jobs ids of those that are there
 */
export const expireQueue = async (redis: Redis, queue: string, jobs: readonly string[] = []): Promise<void> => {
  const keys = [...suffixes, ...jobs].map((name) => `${prefix}:${queue}:${name}`);
  await redis.eval(expireAll, keys.length, ...keys, expiryMs);
};
