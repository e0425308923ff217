import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mode } from '../../src/core/plan/plan.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { judgedIn } from '../measure/histories.ts';
import { storeMode } from '../measure/mode.ts';
import { files, measure, throughputPerSecond } from './measure.ts';

let server: StoreServer;

beforeEach(async () => {
  server = await listen(new MemoryStore({ serviceUs: 4000 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
});
afterEach(async () => server.close());

test('two locks let one answer be processed while the next request is on its way, and lose nothing', async () => {
  const base = storeMode({ process: { kind: 'pause', us: microsFromMs(8) } });
  const load: Mode['load'] = { ...base.load, stop: { kind: 'duration', durationUs: microsFromMs(600) } };
  const one: Mode = { ...base, load };
  const two: Mode = { ...one, name: 'two-locks', lock: { name: 'request-response', options: { nested: false } } };
  let ratio = 0;
  // A machine with other work to do may hide the difference once.
  for (let pair = 0; pair < 3 && ratio < 1.2; pair++) {
    const locked = await measure(one, server.origin);
    const overlapping = await measure(two, server.origin);
    for (const slot of [locked, overlapping]) {
      const { lost, verdict } = (await judgedIn(slot, files))[0]!;
      expect([lost!.atLeast, lost!.atMost, verdict]).toEqual([0, 0, 'consistent']);
      expect(lost!.acknowledged).toBeGreaterThan(10);
    }
    ratio = throughputPerSecond(overlapping.recording) / throughputPerSecond(locked.recording);
  }
  expect(ratio).toBeGreaterThan(1.2);
});
