import type { Redis } from 'ioredis';

/** All keys and channels begin with it, so that one ACL rule is enough for a user of the server. */
export const prefix = 'contend';

/** The queue on which agents wait for a run, with one job for each agent that a run asks for. */
export const agentsQueue = 'agents';

/** The queue of one agent for the duration of one run. */
export const slotsQueue = (run: string, shard: number): string => `${run}-${shard}`;

/** The channel on which an agent hears the controller. */
export const toAgent = (run: string, shard: number): string => `${prefix}:${run}:${shard}:to`;

/** The channel on which the controller hears an agent. */
export const toController = (run: string, shard: number): string => `${prefix}:${run}:${shard}:from`;

/** There for as long as the run: a Redis that was restarted has forgotten it. */
export const markOf = (run: string): string => `${prefix}:${run}:here`;

/** How long the mark lasts without renewal; and how long at first, until the thread that renews it has started. */
export const [markMs, firstMarkMs] = [10_000, 60_000];

/** The list that something large goes through, to an agent or from it. */
export const listOf = (run: string, shard: number, what: string): string => `${prefix}:${run}:${shard}:${what}`;

/** Without renewal, keys are gone after an hour. */
const expiryMs = 3_600_000;

/** The keys that BullMQ makes for a queue without being asked. */
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

/** How a job is put on a queue: it is tried once, and nothing of it is kept. */
export const jobOptions = (jobId: string) =>
  ({ jobId, attempts: 1, removeOnComplete: true, removeOnFail: true }) as const;

/** One command for any number of keys: one for each would cost a controller a millisecond for each agent and slot. */
const expireAll = "for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end";

/**
 * Gives everything that BullMQ keeps of a queue an expiry, as it sets none itself. A key that is created again loses it, so
 * users of a queue call this every second.
 *
 * @param jobs ids of the jobs that are there
 */
export const expireQueue = async (redis: Redis, queue: string, jobs: readonly string[] = []): Promise<void> => {
  const keys = [...suffixes, ...jobs].map((name) => `${prefix}:${queue}:${name}`);
  await redis.eval(expireAll, keys.length, ...keys, expiryMs);
};
