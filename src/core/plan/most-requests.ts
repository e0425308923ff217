import type { Load, Mode, Plan, Step } from './plan.ts';

/**
 * The most requests that the load of a run sends, warm-ups included, but no login, no read of values and nothing of `before` and `after`;
 * undefined where the target decides: under a closed load that a time ends, and of what an answer repeats.
 */
export const mostRequests = ({ modes, rounds }: Plan): number | undefined => {
  const all = modes.reduce((sum, mode) => sum + iterationsOf(mode.load, rounds) * requestsEach(mode), 0);
  return Number.isFinite(all) ? Math.ceil(all) : undefined;
};

const iterationsOf = (load: Load, rounds: number): number => {
  const { stop, warmupUs, stages } = load;
  if (load.kind === 'closed') return stop.kind === 'iterations' && warmupUs === 0 ? stop.iterations : Infinity;
  const inWarmups = (rounds * warmupUs * load.ratePerSecond) / 1e6;
  if (stop.kind === 'iterations') return inWarmups + stop.iterations;
  if (stop.kind === 'duration') return inWarmups + (stop.durationUs * load.ratePerSecond) / 1e6;
  return (
    inWarmups + rounds * stages.reduce((sum, { durationUs, from, to }) => sum + (durationUs * (from + to)) / 2e6, 0)
  );
};

/** The most that one iteration sends. */
const requestsEach = ({ steps }: Mode): number => sumOf(steps);

const sumOf = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + most(step), 0);

const most = (step: Step): number => {
  if (step.kind === 'think') return 0;
  if (step.kind === 'request') return (step.copies ?? 1) * (1 + (step.retry?.times ?? 0)) * (1 + (step.redirects ?? 0));
  if (step.kind === 'if') return Math.max(sumOf(step.yes), sumOf(step.no));
  if (step.kind === 'choose') return Math.max(0, ...step.branches.map(({ steps }) => sumOf(steps)));
  const once = sumOf(step.steps);
  if (step.kind === 'group') return once;
  if (step.kind === 'critical') return (1 + (step.conflict?.retries ?? 0)) * once;
  return typeof step.times === 'number' ? step.times * once : once === 0 ? 0 : Infinity;
};
