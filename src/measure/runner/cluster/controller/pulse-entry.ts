import { parentPort, workerData } from 'node:worker_threads';
import { Live } from '../../../../core/recording/live.ts';
import { Connections } from '../link/connections.ts';
import { sealedMessage } from '../link/line.ts';
import { agentsQueue, expireQueue, markMs, markOf, slotsQueue, toAgent } from '../link/names.ts';
import { loadConnecting } from '../link/packages.ts';
import { patience } from '../link/patience.ts';
import { Seal } from '../link/seal.ts';
import type { FromPulse, PulseData, ToPulse } from './pulse.ts';

const { url, key, run, live } = workerData as PulseData;
const users = new Live(live);
const seals = new Map<number, Seal>();
const redis = await new Connections(await loadConnecting('--agents'), url).connect();

parentPort!.on('message', ({ shard, challenge }: ToPulse) => {
  seals.set(shard, new Seal(key, { run, shard }).bound(challenge));
});

const beat = async (): Promise<void> => {
  const message = { kind: 'alive', users: users.users };
  await Promise.all(
    [...seals].map(async ([shard, seal]) => redis.publish(toAgent(run, shard), sealedMessage(seal, message))),
  );
};

const renew = async (): Promise<void> => {
  // Only if it is still there: it is only made once.
  const isThere = await redis.set(markOf(run), '', 'PX', markMs, 'XX');
  if (isThere === null) parentPort!.postMessage({ kind: 'forgotten' } satisfies FromPulse);
  const jobs = [...seals.keys()].map((shard) => `${run}-${shard}`);
  await expireQueue(redis, agentsQueue, jobs);
  for (const shard of seals.keys()) await expireQueue(redis, slotsQueue(run, shard));
};

/** One call at a time: a task that waits for a lost connection runs once when it is back, and only once. */
const keepOn = (task: () => Promise<void>, everyMs: number): void => {
  let isBusy = false;
  setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    task()
      .catch(() => undefined)
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
};

keepOn(beat, patience.lookMs / 2);
keepOn(renew, patience.lookMs);
parentPort!.postMessage({ kind: 'ready' } satisfies FromPulse);
