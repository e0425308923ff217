import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import type { Guard, MakeLock } from '../../src/measure/lock/lock.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { judgedIn } from '../measure/histories.ts';
import { rangeOf, storeMode } from '../measure/mode.ts';
import { files, measure } from './measure.ts';

/** Somebody gets in beside the holder so often. */
const onceIn = 1000;

vi.mock('../../src/measure/lock/mutex.ts', () => {
  const holey: MakeLock = (_options, { guard }) => {
    const mutex = guard({ name: 'mutex', room: 1 });
    let asked = 0;
    const section: Guard = {
      name: mutex.name,
      get waiting() {
        return mutex.waiting;
      },
      acquire: (user, access) =>
        ++asked % onceIn === 0 && mutex.waiting > 0 ? { release: () => undefined } : mutex.acquire(user, access),
    };
    return { section };
  };
  return { mutex: holey };
});

let server: StoreServer;
beforeAll(async () => {
  server = await listen(new MemoryStore({ serviceUs: 0 }), { port: 0, cpuUs: () => 0, nowMs: () => performance.now() });
});
afterAll(async () => server.close());

test('a lock that lets two in once in a thousand is found within ten seconds', async () => {
  const base = storeMode({ data: { product: rangeOf(1, 1) } });
  const mode = {
    ...base,
    load: { ...base.load, users: 64, stop: { kind: 'duration', durationUs: microsFromMs(10_000) } as const },
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
