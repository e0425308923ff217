// What it costs to run a slot on three machines, with the built dist, three agents and its own redis-server on this machine:
// a slot compared with the same on threads, how far apart agents begin, and 200 MB of history through Redis.
// `node test/bench/cluster.mjs [--quick] [--markdown]`; takes ioredis, bullmq and redis-server.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { readChunks, writeChunks } from '../../dist/src/measure/runner/cluster/link/chunks.js';
import { clusterKeyFrom, Seal } from '../../dist/src/measure/runner/cluster/link/seal.js';
import { median, printHeading, quantile } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { startRedis } from './lease.mjs';
import { quick, refuse } from './options.mjs';

const [, , part, writerUrl] = process.argv;
const megabyte = 1 << 20;
const historyBytes = (quick ? 20 : 200) * megabyte;
const runs = quick ? 1 : 5;

const sealOf = (url) => new Seal(clusterKeyFrom(undefined, url), { run: 'bench', shard: 0 });
const streamOf = (url) => ({ key: 'contend:bench:history', seal: sealOf(url), signal: new AbortController().signal });

/** The agent's side, in a process of its own like a real agent. */
if (part === 'write') {
  const redis = new Redis(writerUrl);
  // A block of a history.
  const block = randomBytes(8192 * 50);
  const blocks = function* () {
    for (let written = 0; written < historyBytes; written += block.length) yield block;
  };
  for (let run = 0; run < runs; run++) await writeChunks(redis, streamOf(writerUrl), blocks());
  redis.disconnect();
  process.exit();
}

const server = await startRedis();
if (server === undefined) refuse('there is no redis-server.', 'apt-get install -y redis-server');
const folder = mkdtempSync(join(tmpdir(), 'contend-'));
const children = [];
process.once('exit', () => {
  for (const child of children) child.kill();
  server.end();
  rmSync(folder, { recursive: true, force: true });
});

const start = (argv, stdio = ['ignore', 'ignore', 'inherit']) => {
  const child = spawn(process.execPath, argv, {
    stdio,
    env: { ...process.env, CONTEND_CLUSTER_REDIS_URL: server.url },
  });
  children.push(child);
  return child;
};

/** How long moving a history takes, in ms, and how much more memory Redis needed at most, in bytes. */
const moveHistory = async () => {
  const [reader, looker] = [new Redis(server.url), new Redis(server.url)];
  const usedBytes = async () => Number(/used_memory:(\d+)/u.exec(await looker.info('memory'))[1]);
  const before = await usedBytes();
  let most = 0;
  const over = new AbortController();
  const looking = (async () => {
    for (; !over.signal.aborted; await sleep(10)) most = Math.max(most, await usedBytes());
  })();
  const writer = start([fileURLToPath(import.meta.url), 'write', server.url, ...(quick ? ['--quick'] : [])], 'inherit');
  const ended = once(writer, 'exit');
  const times = [];
  for (let run = 0; run < runs; run++) {
    const parts = readChunks(reader, streamOf(server.url));
    let bytes = (await parts.next()).value.length;
    const startedMs = performance.now();
    for await (const one of parts) bytes += one.length;
    times.push(performance.now() - startedMs);
    if (bytes < historyBytes) throw new Error(`${bytes} bytes came`);
  }
  over.abort();
  await looking;
  await ended;
  reader.disconnect();
  looker.disconnect();
  return { times, redisBytes: most - before };
};

const agents = 3;
const command = fileURLToPath(new URL('../../dist/bundle/contend.js', import.meta.url));

/** For each slot: when it was prepared, its mode, and when each agent opened its first connection. */
const slots = [];
/** Users are distributed in turn, and send their number. */
const target = createServer((request, response) => {
  const agent = (Number(request.headers['x-user']) - 1) % agents;
  if (request.method === 'POST') slots.push({ mode: request.url.slice(1), atMs: performance.now(), first: new Map() });
  else if (!slots.at(-1).first.has(agent)) slots.at(-1).first.set(agent, request.socket.openedMs);
  request.resume();
  response.end('{}');
}).listen(0, '127.0.0.1');
target.on('connection', (socket) => {
  socket.openedMs = performance.now();
});
await once(target, 'listening');

const scenario = join(folder, 'slots.yaml');
const slotMs = 100;
/** The first slots of a run find everything cold. */
const [cold, rounds] = quick ? [1, 5] : [4, 44];
writeFileSync(
  scenario,
  `target: http://127.0.0.1:${target.address().port}
load: { users: ${agents}, duration: ${slotMs * rounds}ms, warmup: 0ms, think: 5ms }
steps: [{ get: /, headers: { x-user: "\${user.number}" } }]
modes:
  threads: { workers: ${agents}, agents: 0, before: [{ post: /threads }] }
  agents: { before: [{ post: /agents }] }
`,
);

/** Runs both modes in turn. Gives the slots, without the first rounds, each with the time it took beyond its own length. */
const run = async () => {
  slots.length = 0;
  const args = ['run', scenario, '-q', '--rounds', String(rounds), '--agents', String(agents)];
  const [code] = await once(start([command, ...args]), 'exit');
  // 97: too few slots for a verdict; 96: this machine was too busy for trustworthy results. The times are still valid.
  if (![0, 96, 97].includes(code)) throw new Error(`contend ended with ${code}`);
  return slots.slice(0, -1).flatMap((slot, at) => {
    const costMs = slots[at + 1].atMs - slot.atMs - slotMs;
    return at < 2 * cold ? [] : [{ ...slot, costMs }];
  });
};

const { times, redisBytes } = await moveHistory();
for (let agent = 0; agent < agents; agent++) start([command, 'agent', '-q', '--allow-host', '127.0.0.1', '-w', '1']);
const measured = [];
for (let repeat = 0; repeat < (quick ? 1 : 3); repeat++) measured.push(...(await run()));
const of = (mode) => measured.filter((slot) => slot.mode === mode);
const costOf = (mode) => median(of(mode).map(({ costMs }) => costMs));
const starts = of('agents')
  .filter(({ first }) => first.size === agents)
  .map(({ first }) => Math.max(...first.values()) - Math.min(...first.values()));
target.close();

printHeading('Many machines');
printGoals([
  goal(
    'a slot on 3 agents, ms more than on 3 threads, at most 20',
    costOf('agents') - costOf('threads'),
    (ms) => ms <= 20,
  ),
  goal('between the first connections of 3 agents, p50 in ms, below 1', median(starts), (ms) => ms < 1),
  goal('the same, p90 in ms, for comparison', quantile(starts, 0.9), () => true),
  goal(`${historyBytes / megabyte} MB of history through Redis, s, below 2`, median(times) / 1000, (s) => s < 2),
  goal('Redis meanwhile, MB more at most, below 50', redisBytes / megabyte, (mb) => mb < 50),
]);
process.exit();
