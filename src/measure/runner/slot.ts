import { ContendError } from '../../core/errors.ts';
import type { Mode, Stop } from '../../core/plan.ts';
import type { Recording } from '../../core/recording.ts';
import type { Job, Slot } from '../../core/slot.ts';
import { runJob, type EngineOptions } from '../engine/engine.ts';
import { keysOf, openOutside, readAll, sendAll, type Outside, type ReadValue } from './exchanges.ts';

/** Which slot, and where it is sent. */
export interface SlotOptions extends EngineOptions {
  readonly mode: Mode;
  readonly origin: string;
  readonly seed: number;
  readonly round: number;
  readonly rounds: number;
  readonly position: number;
}

/**
 * Measures one mode once: `before`, the values of all keys, the load, the values again.
 *
 * @throws {ContendError} ERR_BEFORE where the target could not be put into its known state, ERR_FINAL_READ where a value
 * could not be read: a slot that began or ended in an unknown state shows nothing
 */
export const measureSlot = async (options: SlotOptions): Promise<Slot> => {
  const { mode, origin, seed, round, rounds, position } = options;
  const job: Job = {
    mode,
    origin,
    seed,
    round,
    stop: shareOf(mode.load.stop, round, rounds),
    firstIteration: firstIterationOf(mode.load.stop, round, rounds),
    shard: { index: 0, count: 1 },
  };
  const outside = openOutside(mode, origin, options.clock, new AbortController().signal);
  try {
    await putIntoKnownState(mode, outside);
    const before = outside.sent;
    const first = await readValues(mode, outside);
    const recording = await runJob(job, options);
    const last = await readValues(mode, outside);
    const finals = Object.fromEntries([...first].map(([key, value]) => [key, [value, last.get(key) ?? null] as const]));
    return {
      mode: mode.name,
      round,
      position,
      finals,
      recording: withUnmeasured(recording, before, outside.sent - before),
    };
  } finally {
    await outside.transport.close();
  }
};

/**
 * Runs a mode without measuring it, so that its target is warm. Everything that was sent is counted as unmeasured.
 *
 * @param us how long
 */
export const warmUp = async (
  options: Omit<SlotOptions, 'round' | 'rounds' | 'position'>,
  us: number,
): Promise<Recording> => {
  const { mode, origin, seed } = options;
  const outside = openOutside(mode, origin, options.clock, new AbortController().signal);
  try {
    await putIntoKnownState(mode, outside);
    const load = { ...mode.load, warmupUs: us as Mode['load']['warmupUs'] };
    const stop: Stop = { kind: 'duration', durationUs: 0 as Mode['load']['warmupUs'] };
    const recording = await runJob(
      { mode: { ...mode, load }, origin, seed, round: 0, stop, firstIteration: 0, shard: { index: 0, count: 1 } },
      options,
    );
    return withUnmeasured(recording, outside.sent, 0);
  } finally {
    await outside.transport.close();
  }
};

const putIntoKnownState = async ({ name, before }: Mode, outside: Outside): Promise<void> => {
  const problem = await sendAll(before, outside);
  if (problem === undefined) return;
  throw new ContendError(
    'ERR_BEFORE',
    `before, in mode ${name}: ${problem}`,
    'Nothing is measured on a target whose state is unknown. Make the steps under "before:" succeed first.',
  );
};

const readValues = async (mode: Mode, outside: Outside): Promise<ReadonlyMap<string, number>> => {
  const values = new Map<string, number>();
  for (const read of mode.reads) {
    const found = await readAll(read, keysOf(read, mode), mode.load.users, outside);
    for (const [key, value] of found) values.set(key, numberOf(value, key, mode.name));
  }
  return values;
};

const numberOf = (read: ReadValue, key: string, mode: string): number => {
  if ('value' in read) return read.value;
  throw new ContendError(
    'ERR_FINAL_READ',
    `the value of ${key} could not be read, in mode ${mode}: ${read.problem}`,
    'Check "read:" under "consistency:": the path, and the expression that finds the number in the answer.',
  );
};

const withUnmeasured = (recording: Recording, before: number, finalReads: number): Recording => ({
  ...recording,
  unmeasured: { ...recording.unmeasured, before, finalReads },
});

/** A slot's share of a mode's work: equal lengths, or iterations shared out exactly, the first rounds taking the rest. */
const shareOf = (stop: Stop, round: number, rounds: number): Stop =>
  stop.kind === 'duration'
    ? { kind: 'duration', durationUs: Math.round(stop.durationUs / rounds) as typeof stop.durationUs }
    : {
        kind: 'iterations',
        iterations:
          iterationsBefore(stop.iterations, round + 1, rounds) - iterationsBefore(stop.iterations, round, rounds),
      };

const iterationsBefore = (iterations: number, round: number, rounds: number): number =>
  Math.floor(iterations / rounds) * round + Math.min(round, iterations % rounds);

/** Rounds do not share iteration numbers; where time decides how many there are, each gets more than it can use. */
const firstIterationOf = (stop: Stop, round: number, rounds: number): number =>
  stop.kind === 'duration' ? round * 2 ** 32 : iterationsBefore(stop.iterations, round, rounds);
