import type { Redis } from 'ioredis';
import { messageOf } from '../../../../core/errors.ts';
import { Connections } from '../link/connections.ts';
import { Channels } from '../link/line.ts';
import type { Declined, Enlistment, Terms } from '../link/messages.ts';
import { agentsQueue, expireQueue, markOf, prefix, toController } from '../link/names.ts';
import { loadPackages } from '../link/packages.ts';
import { aborted, patience, within } from '../link/patience.ts';
import { protocolVersion, Seal, SealError } from '../link/seal.ts';
import type { Lending } from './lending.ts';
import { Session } from './session.ts';

/** What `contend agent` asks for. */
export interface LendOptions extends Omit<Lending, 'packages' | 'connections'> {
  /** Address of the Redis server. */
  readonly url: string;
  /** How many runs to take part in; absent: until it is ended. */
  readonly runs?: number;
  /** Once aborted, the agent leaves the run that it is in, and that run loses it. */
  readonly signal: AbortSignal;
}

/**
 * Lends this machine to runs, one at a time, until it is ended or has taken part in `runs` of them. Listens on no port, and
 * runs no code from a job.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE; ERR_REDIS if there is no Redis at the start
 */
export const lend = async ({ url, runs = Infinity, signal, ...own }: LendOptions): Promise<void> => {
  const packages = await loadPackages('contend agent');
  using connections = new Connections(packages, url);
  const redis = await connections.connect();
  const channels = new Channels(await connections.connect());
  const lending: Lending = { ...own, packages, connections };
  const { Worker } = packages.bullmq;
  const over = new AbortController();
  let left = runs;
  let isCut = false;
  const worker = new Worker<Enlistment>(
    agentsQueue,
    async ({ id, data }) => {
      const terms = await accepted(data, lending, redis);
      if (terms === undefined) return;
      await using session = new Session(data, terms, { ...lending, redis, channels, signal });
      await session.held(id!);
      // Before the job is over, as the next one would be taken at once.
      if (--left === 0) void worker.close();
      if (left === 0 || signal.aborted) over.abort();
    },
    {
      connection: redis,
      prefix,
      concurrency: 1,
      lockDuration: patience.aliveMs,
      stalledInterval: patience.lookMs,
      // No agent takes over a share that another one has begun.
      maxStalledCount: 0,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  // Without a listener an error would end the process. What a lost connection means to a run is up to the session.
  worker.on('error', (error) => {
    if (redis.status !== 'ready' && !isCut) own.say(`Redis at ${connections.shown} is gone: ${messageOf(error)}`);
    isCut ||= redis.status !== 'ready';
  });
  redis.on('ready', () => {
    if (isCut) own.say(`Redis at ${connections.shown} is back.`);
    isCut = false;
  });
  const renewing = setInterval(() => void expireQueue(redis, agentsQueue).catch(() => undefined), patience.lookMs);
  signal.addEventListener('abort', () => over.abort(), { once: true });
  if (signal.aborted) over.abort();
  try {
    await within(worker.waitUntilReady(), patience.aliveMs);
    await aborted(over.signal);
  } finally {
    clearInterval(renewing);
    // It waits for the session, which the signal has ended.
    await within(worker.close(), patience.leaveMs);
    await within(expireQueue(redis, agentsQueue), patience.lookMs);
  }
};

/**
 * The terms of a run, if an agent can take part. A run that is over has left nothing but its job. A run with another
 * protocol, version or key is sent the reason.
 */
const accepted = async (
  { protocol, version, run, shard, terms }: Enlistment,
  { host, key, say }: Lending,
  redis: Redis,
): Promise<Terms | undefined> => {
  if ((await redis.exists(markOf(run))) === 0) return undefined;
  const decline = async (why: Declined['why']): Promise<undefined> => {
    const declined: Declined = {
      kind: 'declined',
      host: host.name,
      version: host.tool.version,
      protocol: protocolVersion,
      why,
    };
    await redis.publish(toController(run, shard), `declined\n${JSON.stringify(declined)}`);
    const whyNot = {
      protocol: `it speaks protocol ${protocol} of contend ${version}, and this is contend ${declined.version} with protocol ${protocolVersion}`,
      version: `it is of contend ${version}, and this is contend ${declined.version}`,
      seal: 'it has another CONTEND_CLUSTER_KEY',
    };
    say(`A run asked for this agent, and was declined: ${whyNot[why]}.`);
    return undefined;
  };
  if (protocol !== protocolVersion) return decline('protocol');
  if (version !== host.tool.version) return decline('version');
  try {
    return new Seal(key, { run, shard }).openJson('terms', terms) as Terms;
  } catch (error) {
    if (error instanceof SealError) return decline('seal');
    throw error;
  }
};
