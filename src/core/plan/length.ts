import { isStarted, lengthOf, type Mode, type Plan } from './plan.ts';
import { micros, type Micros } from '../units.ts';

const longestWarmupUs = 600_000;

/** About how long an iteration of the store takes. */
const storeIterationUs = 1000;

/**
 * How long a mode works on what contend has started, the built-in store too, before the first slot: a fresh one warms at a
 * different pace under each lock. No longer than the mode is measured for.
 */
export const startedWarmupUs = ({ load: { stop, stages } }: Mode): Micros => {
  const measured =
    stop.kind === 'iterations'
      ? stop.iterations * storeIterationUs
      : stop.kind === 'stages'
        ? lengthOf(stages)
        : stop.durationUs;
  return micros(Math.min(longestWarmupUs, measured));
};

/** What a slot takes in addition to its load: state, reads, connections, drain. */
const slotOverheadUs = 100_000;

/** The shortest measured part of a slot that `fitTo` makes: less says nothing, whatever the budget. */
const shortestUs = 100_000;

/**
 * About how long a run takes, in µs; 0 where a number of iterations decides.
 *
 * @param rounds that are run: those of the plan, or, where it is extended, twice as many
 */
export const expectedUs = (plan: Plan, rounds: number): number => {
  const perRound = plan.modes.map((mode) => slotExpectedUs(mode, plan.rounds));
  return perRound.includes(0) ? 0 : warmingUs(plan) + rounds * sum(perRound);
};

/** About how long one slot of a mode takes, in µs; 0 if a number of iterations decides. */
export const slotExpectedUs = (
  { load: { stop, stages, warmupUs }, settleUs = 0 as Micros }: Mode,
  rounds: number,
): number => {
  if (stop.kind === 'iterations') return 0;
  return warmupUs + slotOverheadUs + settleUs + (stop.kind === 'stages' ? lengthOf(stages) : stop.durationUs / rounds);
};

/**
 * A plan whose slots are shortened, all by the same factor, so that a run takes no longer than that; the plan itself where
 * it fits already. Warm-ups and stages keep their lengths.
 *
 * @param rounds as for {@link expectedUs}
 * @returns µs: what it takes at least, where it cannot be made to fit; 0: unknown, as a number of iterations decides
 */
export const fitTo = (budgetUs: number, plan: Plan, rounds: number): Plan | number => {
  const wantedUs = expectedUs(plan, rounds);
  if (wantedUs === 0) return 0;
  if (wantedUs <= budgetUs) return plan;
  const fixedUs = wantedUs - rounds * measuredUs(plan.modes, plan.rounds);
  const leastUs = expectedUs({ ...plan, modes: shortened(plan, 0) }, rounds);
  if (leastUs > budgetUs) return leastUs;
  return { ...plan, modes: shortened(plan, (budgetUs - fixedUs) / (rounds * measuredUs(plan.modes, plan.rounds))) };
};

/**
 * The modes of a round, shortened further where the rounds before have shown that slots take longer than their load: a
 * target that is slow to drain. All modes of a round keep the same proportion, so that they are compared alike.
 *
 * @param leftUs of the budget
 * @param rounds that are left, this one among them
 * @param fixedUs what a round took beside the measured parts of its slots
 */
export const shortenedTo = (leftUs: number, plan: Plan, rounds: number, fixedUs: number): Plan['modes'] => {
  const factor = (leftUs / rounds - fixedUs) / measuredUs(plan.modes, plan.rounds);
  return factor < 1 ? shortened(plan, Math.max(0, factor)) : plan.modes;
};

/** How long the measured parts of one round are, in µs, as far as time decides. */
export const measuredUs = (modes: readonly Mode[], rounds: number): number =>
  sum(modes.map(({ load: { stop } }) => (stop.kind === 'duration' ? stop.durationUs / rounds : 0)));

const shortened = ({ modes, rounds }: Plan, factor: number): Plan['modes'] => {
  const [first, ...others] = modes.map((mode) => shorter(mode, factor, rounds));
  return [first!, ...others];
};

const shorter = (mode: Mode, factor: number, rounds: number): Mode => {
  const { stop } = mode.load;
  if (stop.kind !== 'duration') return mode;
  const slotUs = Math.max(Math.min(stop.durationUs / rounds, shortestUs), (factor * stop.durationUs) / rounds);
  return {
    ...mode,
    // Slots of whole microseconds: their sum is exact, and not a hair over the budget.
    load: { ...mode.load, stop: { kind: 'duration', durationUs: micros(Math.floor(slotUs) * rounds) } },
  };
};

/** How long what contend has started is warmed, in µs. */
export const warmingUs = ({ modes }: Plan): number =>
  sum(modes.filter(isStarted).map((mode) => startedWarmupUs(mode) + slotOverheadUs));

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
