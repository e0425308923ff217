import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ChunkError,
  readChunks,
  readWhole,
  writeChunks,
} from '../../../../../src/measure/runner/cluster/link/chunks.ts';
import { clusterKeyFrom, newKey, Seal } from '../../../../../src/measure/runner/cluster/link/seal.ts';
import { hasRedis, RedisServer, withRedis } from '../../../../redis.ts';

const sealOf = (key = newKey()) => new Seal(clusterKeyFrom(key, ''), { run: 'run', shard: 0 });

describe.runIf(hasRedis)(`bytes through a list of Redis${withRedis}`, () => {
  let server: RedisServer;
  let [writer, reader]: Redis[] = [];
  let count = 0;

  beforeAll(async () => {
    server = await RedisServer.start();
    [writer, reader] = [new Redis(server.url), new Redis(server.url)];
  });
  afterAll(async () => {
    writer?.disconnect();
    reader?.disconnect();
    await server[Symbol.asyncDispose]();
  });

  const streamOf = (seal = sealOf()) => ({ key: `list-${count++}`, seal, signal: new AbortController().signal });

  test('arrive as they were sent, in whatever pieces, and nothing is left', async () => {
    const pieces = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1_000_000, max: 2_200_000 })),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (lengths) => {
        const parts = lengths.map((length) => randomBytes(length));
        const to = streamOf();
        const [receipt, whole] = await Promise.all([writeChunks(writer!, to, parts), readWhole(reader!, to)]);
        const sent = Buffer.concat(parts);
        expect(whole.equals(sent)).toBe(true);
        expect(receipt).toEqual({ sha256: createHash('sha256').update(sent).digest('hex'), bytes: sent.length });
        expect(await writer!.exists(to.key)).toBe(0);
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    [0, 1],
    [1000, 1],
    [1 << 20, 1],
    [(1 << 20) + 1, 2],
  ])('%i of them are %i parts: what is small goes in one', async (length, parts) => {
    const to = streamOf();
    await writeChunks(writer!, to, [randomBytes(length)]);
    expect(await reader!.llen(to.key)).toBe(parts);
    expect(await readWhole(reader!, to)).toHaveLength(length);
  });

  test('wait for who takes them: no more than a few megabytes lie in Redis, and never without an expiry', async () => {
    const to = streamOf();
    const megabyte = randomBytes(1 << 20);
    const all = Array.from({ length: 40 }, () => megabyte);
    const writing = writeChunks(writer!, to, all);
    let [taken, most] = [0, 0];
    for await (const part of readChunks(reader!, to)) {
      taken += part.length;
      if (taken % (8 << 20) === 0) await sleep(30);
      const [length, expiry] = [await reader!.llen(to.key), await reader!.pttl(to.key)];
      most = Math.max(most, length);
      if (length > 0) expect(expiry).toBeGreaterThan(3_000_000);
    }
    expect(taken).toBe(40 << 20);
    expect(most).toBeLessThanOrEqual(6);
    expect((await writing).bytes).toBe(taken);
  });

  /** A list as the other side would find it, which somebody may have touched. */
  const listed = async (seal: Seal, megabytes: number) => {
    const to = streamOf(seal);
    await writeChunks(writer!, to, [randomBytes(megabytes * (1 << 20))]);
    return to;
  };

  test.each([
    ['a part was left out', async (key: string) => writer!.lrem(key, 1, (await writer!.lindexBuffer(key, 1))!)],
    ['a part came twice', async (key: string) => writer!.lpush(key, (await writer!.lindexBuffer(key, 0))!)],
    ['a part was changed', async (key: string) => writer!.lset(key, 2, randomBytes(1000))],
    ['the end came early', async (key: string) => writer!.lset(key, 1, (await writer!.lindexBuffer(key, -1))!)],
  ])('are refused where %s', async (_what, touch) => {
    const to = await listed(sealOf(), 3);
    await touch(to.key);
    await expect(readWhole(reader!, to)).rejects.toThrow(ChunkError);
  });

  test('are refused where they are sealed with another key', async () => {
    const to = await listed(sealOf(), 1);
    await expect(readWhole(reader!, { ...to, seal: sealOf() })).rejects.toThrow(ChunkError);
  });

  test('are let go on either side when that is told, whatever the other one does', async () => {
    const over = new AbortController();
    const to = { ...streamOf(), signal: over.signal };
    const sides = [
      writeChunks(writer!, to, [Buffer.alloc(20 << 20)]),
      readWhole(reader!, { ...to, key: 'nothing-comes' }),
    ];
    setTimeout(() => over.abort(new Error('the agent was lost')), 20);
    for (const ended of await Promise.allSettled(sides))
      expect(ended).toMatchObject({ status: 'rejected', reason: { message: 'the agent was lost' } });
  });
});
