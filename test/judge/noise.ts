import { orderOf } from '../../src/measure/runner/order.ts';
import { stream, uniform } from '../../src/core/random.ts';
import type { ModeResult, SlotTimes } from '../../src/core/result/result.ts';
import { modeWith, slotTimes, slotWith } from './mode.ts';

/** What a machine does to the slots of a run, in the order in which they are measured: factors of a time. */
export type Noise = (slots: number, next: () => number) => readonly number[];

/** A standard normal number (Box and Muller 1958). */
const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

const exponential = (next: () => number): number => -Math.log(1 - next());

const independent =
  (factor: (next: () => number) => number): Noise =>
  (slots, next) =>
    Array.from({ length: slots }, () => factor(next));

/** Kinds of noise: every slot's own 1 %, and on top of it what real machines do. */
export const noises = {
  'quiet': independent((next) => Math.exp(0.01 * normal(next))),
  /** AR(1) of 0.9 with a standard deviation of 5 %: the machine's mood over a dozen slots. */
  'drift': (slots, next) => {
    const step = 0.05 * Math.sqrt(1 - 0.9 ** 2);
    let mood = 0.05 * normal(next);
    return Array.from({ length: slots }, () => {
      mood = 0.9 * mood + step * normal(next);
      return Math.exp(mood + 0.01 * normal(next));
    });
  },
  /** One slot in ten takes 25 % longer on average. */
  'bursts': independent((next) => Math.exp(0.01 * normal(next)) * (next() < 0.1 ? 1 + 0.25 * exponential(next) : 1)),
  /** Pareto with an index of 1.5, which has no variance: 2 % that now and then are 100 %. */
  'heavy tail': independent((next) => 1 + 0.02 * ((1 - next()) ** (-1 / 1.5) - 1)),
} as const satisfies { readonly [name: string]: Noise };

/** A mode of a simulated run: its times are so many times those of the others. */
export interface Simulated {
  readonly name: string;
  readonly slower: number;
}

/**
 * A run of these modes in the order of a real one, on a machine with this noise: throughput falls with it, and a percentile
 * has some of its own on top, the more the fewer samples lie beyond it.
 */
export const simulate = (modes: readonly Simulated[], rounds: number, noise: Noise, run: number): ModeResult[] => {
  let drawn = 0;
  const next = (): number => uniform(run, noiseStream, drawn++);
  const order = orderOf(modes.length, rounds, run);
  const factors = noise(order.length, next);
  const slots = order.map(({ mode, round, position }, at) => {
    const factor = factors[at]! * modes[mode]!.slower;
    const service = timesOf(1e6 * factor, next);
    const response = timesOf(2e6 * factor, next);
    return { mode, slot: slotWith({ round, position, throughputPerSecond: 1000 / factor, response, service }) };
  });
  return modes.map(({ name }, index) =>
    modeWith({ name, slots: slots.filter(({ mode }) => mode === index).map(({ slot }) => slot) }),
  );
};

const timesOf = (us: number, next: () => number): SlotTimes => {
  const ofItsOwn = (deviation: number): number => us * Math.exp(deviation * normal(next));
  return { ...slotTimes(5000, us), p50: ofItsOwn(0.005), p95: 2 * ofItsOwn(0.015), p99: 3 * ofItsOwn(0.03) };
};

const noiseStream = stream('simulation.noise');
