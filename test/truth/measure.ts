import type { Mode, OpenLoad, RequestStep } from '../../src/core/plan/plan.ts';
import { Live } from '../../src/core/recording/live.ts';
import type { Recording } from '../../src/core/recording/recording.ts';
import type { Slot } from '../../src/core/slot.ts';
import { micros, microsFromMs } from '../../src/core/units.ts';
import { measureSlot } from '../../src/measure/runner/slot.ts';
import { memoryFiles } from '../measure/histories.ts';
import { localEndpoint, requestStep, storeMode } from '../measure/mode.ts';

const clock = { now: () => micros(performance.now() * 1000) };

/** A lock-free mode of one GET at a rate; no warm-up. */
export const openMode = (
  path: string,
  load: Partial<OpenLoad> & { readonly ratePerSecond: number; readonly users: number; readonly durationMs: number },
): Mode => {
  const { durationMs, ...more } = load;
  const mode = getMode(path, { users: load.users, durationMs });
  return {
    ...mode,
    transport: { name: 'wire', options: {} },
    load: {
      kind: 'open',
      arrival: { name: 'even', options: {} },
      stages: [],
      queue: null,
      stop: mode.load.stop,
      drainUs: mode.load.drainUs,
      warmupUs: microsFromMs(0),
      ...more,
    },
  };
};

/** A lock-free mode of one GET; 100 ms of warm-up. */
export const getMode = (
  path: string,
  load: { readonly users: number; readonly durationMs: number },
  { step = {}, ...mode }: Partial<Mode> & { readonly step?: Partial<RequestStep> } = {},
): Mode =>
  storeMode({
    name: 'lock-free',
    lock: { name: 'none', options: {} },
    data: {},
    before: [],
    steps: [{ kind: 'critical', steps: [requestStep({ name: 'get', path, ...step })] }],
    observe: [],
    reads: [],
    ...mode,
    load: {
      kind: 'closed',
      thinkUs: [microsFromMs(0), microsFromMs(0)],
      stages: [],
      users: load.users,
      stop: { kind: 'duration', durationUs: microsFromMs(load.durationMs) },
      warmupUs: microsFromMs(100),
      drainUs: mode.load?.drainUs ?? microsFromMs(10_000),
    },
  });

/** Where the histories of what was measured are. */
export const files = memoryFiles();

/** Measures a mode once, in one round. */
export const measure = async (mode: Mode, origin: string): Promise<Slot> => {
  const slot = await measureSlot({
    mode,
    endpoint: localEndpoint(origin),
    cores: 2,
    seed: 42,
    round: 0,
    rounds: 1,
    position: 0,
    clock,
    signal: new AbortController().signal,
    live: new Live(),
    cpuUs: () => 0,
    wallClockMs: () => Date.now(),
    openFile: files.openFile,
    ...(mode.observe.length === 0 ? {} : { historyFolder: '/histories' }),
    tables: {},
  });
  if (slot === undefined) throw new Error('nobody interrupts here');
  return slot;
};

/** Completions inside the window / its length. */
export const throughputPerSecond = ({ window }: Recording): number =>
  (window.completed * 1e6) / (window.toUs - window.fromUs);

/** Requests of a recording: answers and failures, measured and unmeasured. */
export const requestsIn = ({ steps, unmeasured }: Recording): number =>
  Object.values(steps)
    .flatMap(({ byStatus, byError }) => [...Object.values(byStatus), ...Object.values(byError)])
    .concat(Object.values(unmeasured))
    .reduce((sum, count) => sum + count, 0);
