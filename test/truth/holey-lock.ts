import { afterAll, beforeAll, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { judgedIn } from '../measure/histories.ts';
import { rangeOf, storeMode } from '../measure/mode.ts';
import { files, measure } from './measure.ts';

/** The test that such a mutex is found. Its hole lets in about as many where it is ten times as wide and the time a tenth as long. */
export const isFound = (onceIn: number, seconds: number): void => {
  let server: StoreServer;
  beforeAll(async () => {
    server = await listen(new MemoryStore({ serviceUs: 0 }), {
      port: 0,
      cpuUs: () => 0,
      nowMs: () => performance.now(),
    });
  });
  afterAll(async () => server.close());

  test(`a lock that lets two in once in ${onceIn} is found within ${seconds} s`, async () => {
    const base = storeMode({ data: { product: rangeOf(1, 1) } });
    const mode = {
      ...base,
      load: {
        ...base.load,
        users: 64,
        stop: { kind: 'duration', durationUs: microsFromMs(1000 * seconds) } as const,
      },
    };
    const [consistency] = await judgedIn(await measure(mode, server.origin), files);
    expect(consistency).toMatchObject({
      verdict: 'violated',
      findings: [{ rule: 'lost-update', evidence: 'clock-free' }],
    });
    // As rare as the hole is.
    const { lost } = consistency!;
    expect(lost!.atLeast / lost!.acknowledged).toBeLessThan(5 / onceIn);
  }, 40_000);
};
