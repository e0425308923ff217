// What a lease in Redis costs, with the built dist and its own redis-server on loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { newUser } from '../../dist/src/measure/user.js';
import { redis } from '../../dist/src/measure/lock/redis/redis.js';

const lifetimeS = '300';

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
};

const isUp = async (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

/** Starts a redis-server on loopback, which ends after five minutes. @returns `undefined` if none is installed */
export const startRedis = async () => {
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('timeout', [lifetimeS, 'redis-server', ...flags], { stdio: 'ignore' });
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (await isUp(port)) return { url: `redis://127.0.0.1:${port}`, end: () => child.kill() };
    await sleep(25);
  }
  child.kill();
  return undefined;
};

const openLease = async (url, how) => {
  const options = { url, key: 'lease', ttlUs: 10_000_000, renew: true, retryUs: [2000, 50_000] };
  const { section, open, close } = redis(options, { ...how, text: (template) => () => template });
  await open();
  return { guard: section, close };
};

/** Runs pairs of acquire and release by a number of users that all want the lock all the time. */
const pairsBy = (guard, users) => async (pairs) => {
  const live = async (user) => {
    for (let pair = 0; pair < pairs / users; pair++) await (await guard.acquire(user, 'exclusive')).release();
  };
  await Promise.all(Array.from({ length: users }, async (_, index) => live(newUser(index, 0))));
};

/**
 * What an acquire and a release cost together through Redis, in ns, compared with one round trip.
 *
 * @param costNs times many of something
 * @returns `undefined` if redis-server is not installed
 */
export const leaseCosts = async (pairs, how, costNs) => {
  const server = await startRedis();
  if (server === undefined) return undefined;
  const plain = new Redis(server.url);
  const lease = await openLease(server.url, how);
  try {
    return {
      pingNs: await costNs(pairs, async (times) => {
        for (let time = 0; time < times; time++) await plain.ping();
      }),
      freeNs: await costNs(pairs, pairsBy(lease.guard, 1)),
      handedOverNs: await costNs(pairs, pairsBy(lease.guard, 64)),
    };
  } finally {
    await lease.close();
    plain.disconnect();
    server.end();
  }
};
