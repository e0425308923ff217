import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { hasRedis, RedisServer, withRedis } from '../../../../redis.ts';
import { DelayingLink, type Delays } from '../delaying.ts';
import { NetworkNamespace, noNamespaces, withNamespaces, withOtherClock } from '../namespaces.ts';

/** What a look at an agent's clock told. */
interface Look {
  readonly atUs: number;
  readonly offsetUs: number;
  readonly errorUs: number;
  /** How far it was from the truth, as far as that is known. */
  readonly wrongUs: number;
  readonly spreadUs: number;
}

const asker = fileURLToPath(new URL('clock-asker.mjs', import.meta.url));
const run = promisify(execFile);

const looksOf = async (argv: readonly string[]): Promise<readonly Look[]> => {
  const [program, ...args] = argv;
  const { stdout } = await run(program!, args, { timeout: 60_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Look);
};

describe.runIf(hasRedis && noNamespaces === undefined)(
  `the clocks of two machines, of which one is up for longer${withRedis}${withNamespaces}`,
  () => {
    test.each<[string, Delays, Delays]>([
      ['joined directly', { thereMs: 0, backMs: 0 }, { thereMs: 0, backMs: 0 }],
      ['whose ways there and back are unlike', { thereMs: 3, backMs: 1 }, { thereMs: 1, backMs: 12 }],
      ['one of which is an ocean away', { thereMs: 80, backMs: 20 }, { thereMs: 0, backMs: 2 }],
    ])('%s, are never further apart than they say', async (_what, ...both) => {
      await using server = await RedisServer.start();
      const all = await Promise.all(
        both.map(async (delays, place) => {
          using machine = new NetworkNamespace();
          await using link = await DelayingLink.open(server.port, delays, machine.hostAddress);
          const url = `redis://${machine.hostAddress}:${link.port}`;
          const argv = [process.execPath, asker, url, '8'];
          const inside = machine.inside(...argv);
          return await looksOf(place === 0 ? inside : withOtherClock(100_000, inside));
        }),
      );
      for (const [place, looks] of all.entries()) {
        expect(looks).toHaveLength(8);
        const { thereMs, backMs } = both[place]!;
        for (const { wrongUs, errorUs } of looks) {
          expect(wrongUs).toBeLessThanOrEqual(errorUs + 1);
          // A bound that is always kept because it is wide would say nothing: half the way there and back, and what the machine adds.
          expect(errorUs).toBeLessThan((thereMs + backMs) * 500 + 5000);
        }
        // What asymmetry costs shows, as theory says: the offset is off by half the difference of the two ways.
        const [first] = looks as [Look];
        const expectedUs = Math.abs(thereMs - backMs) * 500;
        expect(Math.abs(first.wrongUs - expectedUs)).toBeLessThan(2000 + expectedUs / 2);
      }
      // One of them has a monotonic clock that shares nothing with the other's.
      const [here, there] = all.map((looks) => looks[0]!) as [Look, Look];
      expect(Math.abs(here.offsetUs - there.offsetUs)).toBeGreaterThan(99_000 * 1e6);
    });
  },
);
