import { once } from 'node:events';
import { Live } from '../../../src/core/recording/live.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { requestsOf, type Mode } from '../../../src/core/plan/plan.ts';
import type { Slot, SlotConsistency } from '../../../src/core/slot.ts';
import { rowsByKey } from '../../../src/core/history/rows.ts';
import { micros, microsFromMs } from '../../../src/core/units.ts';
import { readShares, type Share } from '../../../src/judge/consistency/share.ts';
import { measureSlot, warmUp } from '../../../src/measure/runner/slot.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import { listen, type StoreServer } from '../../../src/store/server.ts';
import { judgedIn, memoryFiles } from '../histories.ts';
import { localEndpoint, readModifyWrite, requestStep, storeMode } from '../mode.ts';

const clock = { now: () => micros(performance.now() * 1000) };
const files = memoryFiles();
let server: StoreServer;

beforeEach(async () => {
  server = await listen(new MemoryStore({ serviceUs: 1000 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
});
afterEach(async () => server.close());

const measure = async (mode: Mode, signal = new AbortController().signal, round = 0, rounds = 1): Promise<Slot> => {
  const slot = await measureSlot({
    mode,
    endpoint: localEndpoint(server.origin),
    cores: 2,
    seed: 42,
    round,
    rounds,
    position: 0,
    clock,
    signal,
    live: new Live(),
    cpuUs: () => 0,
    wallClockMs: () => Date.now(),
    openFile: files.openFile,
    historyFolder: '/histories',
    tables: {},
  });
  if (slot === undefined) throw new Error('interrupted before its load');
  return slot;
};

const expectIdentities = ({ recording }: Slot): void => {
  const { iterations, steps, unmeasured, failures } = recording;
  expect(iterations.scheduled).toBe(iterations.begun + iterations.dropped);
  expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
  expect(Object.values(failures).reduce((sum, { count }) => sum + count, 0)).toBe(iterations.failed);
  const measured = Object.values(steps)
    .flatMap(({ byStatus, byError }) => [...Object.values(byStatus), ...Object.values(byError)])
    .reduce((sum, count) => sum + count, 0);
  const elsewhere = Object.values<number>({ ...unmeasured }).reduce((sum, count) => sum + count, 0);
  expect(server.requests()).toBe(measured + elsewhere);
};

/** So many iterations, however long they take here. */
const load = { ...storeMode().load, stop: { kind: 'iterations', iterations: 300 } } as const;

const modes: readonly [string, Mode][] = [
  ['none', storeMode({ load, lock: { name: 'none', options: {} } })],
  ['mutex', storeMode({ load })],
  ['request-response', storeMode({ load, lock: { name: 'request-response', options: { nested: false } } })],
  [
    'optimistic',
    storeMode({
      load,
      lock: { name: 'none', options: {} },
      steps: [
        {
          ...readModifyWrite,
          steps: [
            readModifyWrite.steps[0],
            { ...readModifyWrite.steps[1], headers: { 'if-match': '${version}' }, conflict: [412] },
          ],
          conflict: { retries: 50, backoffUs: [microsFromMs(1), microsFromMs(20)] },
        },
      ],
    }),
  ],
];

describe.each(modes)('a slot under %s', (name, mode) => {
  const loses = name === 'none' ? 'updates' : 'no update';

  test(`counts every request that the server counted, keeps the identities, and loses ${loses}`, async () => {
    const slot = await measure(mode);
    expectIdentities(slot);
    expect(slot.recording.iterations).toMatchObject({ begun: 300, completed: 300, failed: 0 });
    expect(slot.recording.unmeasured.before).toBe(1);
    expect(slot.recording.unmeasured.finalReads).toBe(40);
    const [{ lost, verdict }] = (await judgedIn(slot, files)) as [SlotConsistency];
    // And those of the warm-up.
    expect(lost!.acknowledged).toBeGreaterThan(300);
    if (name === 'none') expect(lost!.atLeast).toBeGreaterThan(0);
    else expect([lost!.atLeast, lost!.atMost, verdict]).toEqual([0, 0, 'consistent']);
    expect(lost!.atLeast).toBe(lost!.atMost);
  });
});

describe('a slot', () => {
  test('with a number of iterations runs exactly that many, shared out over the rounds', async () => {
    const mode = storeMode({
      load: { ...storeMode().load, stop: { kind: 'iterations', iterations: 100 }, warmupUs: microsFromMs(0) },
    });
    const counts = [];
    for (let round = 0; round < 3; round++) {
      const slot = await measure(mode, undefined, round, 3);
      counts.push(slot.recording.iterations.begun);
      expect(slot.recording.window.completed).toBe(slot.recording.iterations.completed);
    }
    expect(counts).toEqual([34, 33, 33]);
  });

  test('has settled once it has waited for that, and says nothing of the values where it could not', async () => {
    const settling = { ...storeMode({ load }), settleUs: micros(50_000) };
    const { isSettled, finals } = await measure(settling);
    expect([
      isSettled,
      Object.values(finals['counter'] ?? {})
        .flat()
        .includes(undefined),
    ]).toEqual([true, false]);
    const interrupt = new AbortController();
    const running = measure({ ...settling, settleUs: micros(60_000_000) }, interrupt.signal);
    const before = server.requests();
    await vi.waitFor(() => expect(server.requests()).toBeGreaterThan(before + 600), { timeout: 20_000, interval: 20 });
    interrupt.abort('SIGINT');
    const broken = await running;
    expect([
      broken.isSettled,
      Object.values(broken.finals['counter'] ?? {}).every(([, after]) => after === undefined),
    ]).toEqual([undefined, true]);
  });

  test('is cut short by an interruption, and nothing is lost from the counts', async () => {
    const interrupt = new AbortController();
    const slow = storeMode({
      load: {
        ...storeMode().load,
        stop: { kind: 'duration', durationUs: microsFromMs(60_000) },
        warmupUs: microsFromMs(0),
      },
    });
    const running = measure(slow, interrupt.signal);
    await vi.waitFor(() => expect(server.requests()).toBeGreaterThan(300), { timeout: 20_000, interval: 20 });
    interrupt.abort('SIGINT');
    const slot = await running;
    expectIdentities(slot);
    // The window ends with the interruption: throughput is what happened in the time that there was.
    expect(slot.recording.window.toUs - slot.recording.window.fromUs).toBeLessThan(5_000_000);
    expect(slot.recording.window.completed).toBeGreaterThan(0);
    expect((await judgedIn(slot, files))[0]!.verdict).toBe('consistent');
  });

  test('that is interrupted while before hangs is given up at once', async () => {
    const interrupt = new AbortController();
    const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const { port } = hanging.address() as AddressInfo;
    setTimeout(() => interrupt.abort('SIGINT'), 50);
    const slot = measureSlot({
      mode: storeMode(),
      endpoint: localEndpoint(`http://127.0.0.1:${port}`),
      cores: 2,
      seed: 1,
      round: 0,
      rounds: 1,
      position: 0,
      clock,
      signal: interrupt.signal,
      live: new Live(),
      cpuUs: () => 0,
      wallClockMs: () => Date.now(),
      openFile: files.openFile,
      tables: {},
    });
    expect(await slot).toBeUndefined();
    hanging.close();
  });

  test('interrupts what takes longer than the drain, and releases the lock', async () => {
    const base = storeMode();
    const [read, write] = readModifyWrite.steps;
    const mode = storeMode({
      load: { ...base.load, users: 4, drainUs: microsFromMs(50) },
      process: { kind: 'pause', us: microsFromMs(5000) },
      steps: [{ ...readModifyWrite, steps: [read, write] }],
    });
    const slot = await measure(mode);
    expectIdentities(slot);
    expect(slot.recording.iterations.interrupted + slot.recording.iterations.completed).toBe(
      slot.recording.iterations.begun,
    );
    expect(slot.recording.window.completed).toBe(0);
  });

  test('fails an iteration whose answer was not expected, with what came instead', async () => {
    const [read] = readModifyWrite.steps;
    const slot = await measure(
      storeMode({ steps: [{ kind: 'critical', steps: [{ ...read, path: '/products/99${product}' }] }], observe: [] }),
    );
    expectIdentities(slot);
    expect(slot.recording.iterations.completed).toBe(0);
    expect(slot.recording.failures.check?.example.text).toBe('read: status 404, expected one below 400');
  });

  test('fails an iteration whose capture is not in the answer', async () => {
    const [read] = readModifyWrite.steps;
    const slot = await measure(
      storeMode({
        steps: [{ kind: 'critical', steps: [{ ...read, capture: { colour: 'body.colour' } }] }],
        observe: [],
      }),
    );
    expect(slot.recording.failures.capture?.example.text).toBe('read: the answer has no body.colour');
  });

  test('gives up after the retries, which are no errors of the requests', async () => {
    const [read, write] = readModifyWrite.steps;
    const slot = await measure(
      storeMode({
        load: {
          ...storeMode().load,
          users: 2,
          stop: { kind: 'iterations', iterations: 10 },
          warmupUs: microsFromMs(0),
        },
        steps: [
          {
            kind: 'critical',
            steps: [read, { ...write, headers: { 'if-match': '"0"' }, conflict: [412] }],
            conflict: { retries: 2, backoffUs: [microsFromMs(1), microsFromMs(2)] },
          },
        ],
      }),
    );
    expectIdentities(slot);
    const { recording } = slot;
    expect([recording.iterations.failed, recording.attempts, recording.conflicts]).toEqual([10, 30, 30]);
    expect(recording.failures['gave-up']?.count).toBe(10);
    expect(recording.steps['write']!.byStatus).toEqual({ 412: 30 });
    expect((await judgedIn(slot, files))[0]!.lost).toEqual({ acknowledged: 0, atLeast: 0, atMost: 0 });
  });

  test('is not measured when before does not succeed', async () => {
    const before = [requestStep({ name: 'reset', method: 'POST', path: '/nothing', json: {} })];
    await expect(measure(storeMode({ before }))).rejects.toMatchObject({
      code: 'ERR_BEFORE',
      message: 'before, in mode locked: reset: status 404, expected one below 400',
    });
  });

  test('is not measured when a value cannot be read back', async () => {
    const [read] = storeMode().reads;
    await expect(measure(storeMode({ reads: [{ ...read!, value: 'body.colour' }] }))).rejects.toMatchObject({
      code: 'ERR_FINAL_READ',
    });
  });

  test('the same seed sends the same values, whatever the mode and however long the warm-up', async () => {
    const seen = async (mode: Mode): Promise<unknown> => {
      const { recording } = await measure({
        ...mode,
        load: { ...mode.load, stop: { kind: 'iterations', iterations: 60 } },
      });
      const [{ history }] = (await readShares(recording.histories, files.readBytes)) as [Share];
      return rowsByKey(history!)
        .map((rows, key) => `${history!.keys[key]}: ${rows.length}`)
        .toSorted();
    };
    const unwarmed = { ...storeMode().load, warmupUs: microsFromMs(0) };
    expect(await seen(storeMode({ load: unwarmed }))).toEqual(
      await seen(storeMode({ load: unwarmed, lock: { name: 'none', options: {} } })),
    );
  });
});

test('a warm-up measures nothing and counts what it sent', async () => {
  const recording = await warmUp(
    {
      mode: storeMode(),
      endpoint: localEndpoint(server.origin),
      cores: 2,
      seed: 1,
      clock,
      signal: new AbortController().signal,
      live: new Live(),
      cpuUs: () => 0,
      wallClockMs: () => Date.now(),
      openFile: files.openFile,
      tables: {},
    },
    100_000,
  );
  expect(recording.iterations.begun).toBe(0);
  expect(recording.unmeasured.warmup).toBeGreaterThan(0);
  expect(server.requests()).toBe(recording.unmeasured.warmup + recording.unmeasured.before);
});

test('the requests of a mode are those of its critical sections, too', () => {
  expect(requestsOf(storeMode().steps).map(({ name }) => name)).toEqual(['read', 'write']);
});
