import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptUp } from '../../src/core/result/open-load.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import { contendHere } from '../cli/contend.ts';
import { documentOf } from '../cli/document.ts';

let stalledUntilMs = 0;

/** Answers after 100 ms, however many ask at once. Behind /stalls nobody is answered in the first second after the first came. */
const server = createServer((request, response) => {
  const answer = async (): Promise<void> => {
    if (request.url === '/stalls') {
      if (stalledUntilMs === 0) stalledUntilMs = performance.now() + 1000;
      await pause(Math.max(0, stalledUntilMs - performance.now()));
    } else await pause(100);
    response.end('{}');
  };
  void answer();
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const measured = async (path: string, ...flags: readonly string[]): Promise<ModeResult> => {
  const { port } = server.address() as AddressInfo;
  const { stdout } = await contendHere(['run', `http://127.0.0.1:${port}${path}`, ...flags, '--json', '-q']);
  return documentOf(stdout).modes[0]!;
};

describe('an open load in slots of a second', () => {
  test('of 60/s on a target of 100 ms has 60/s, and kept up', async () => {
    const mode = await measured('/', '-R', '60', '-d', '3s', '--rounds', '3');
    expect(mode.throughputPerSecond).toBeCloseTo(60, 0);
    expect(keptUp(mode)).toBe(true);
  });

  test.each([30, 80])('of %d/s on a mutex that can do 10/s has 10/s, and did not keep up', async (rate) => {
    const mode = await measured('/', '-R', `${rate}`, '-d', '3s', '--rounds', '3', '--modes', 'mutex');
    expect(mode.throughputPerSecond).toBeGreaterThan(8);
    expect(mode.throughputPerSecond).toBeLessThan(11);
    expect(keptUp(mode)).toBe(false);
  });

  test('never has more than was offered where a backlog of the warm-up ends inside the window', async () => {
    const mode = await measured('/stalls', '-R', '100', '-d', '1s', '--rounds', '1', '--warmup', '900ms');
    expect(mode.throughputPerSecond).toBeLessThanOrEqual(100);
    expect(mode.throughputPerSecond).toBeGreaterThan(90);
    expect(mode.offered!.backlog!.atStart).toBeGreaterThan(60);
  });
});
