/**
 * Two runs of one scenario side by side, each mode relative to the control of its own run.
 *
 * Advisory: two days differ in more than the build, so nothing passes or fails because of it.
 */
export interface RunComparison {
  readonly scenario: string;
  readonly control: string;
  /** Why the two are hardly comparable, one sentence per reason: another processor, another load. */
  readonly differences: readonly string[];
  readonly before: RunFacts;
  readonly after: RunFacts;
  /** Confidence level of every interval: 0.95. */
  readonly level: number;
  readonly changes: readonly MetricChange[];
  /** Modes that only one of the runs has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** Which run it was. */
export interface RunFacts {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly toolVersion: string;
  readonly rounds: number;
}

/** One metric of one mode in both runs. */
export interface MetricChange {
  readonly mode: string;
  /** Its name in the comparisons of a result. */
  readonly metric: string;
  readonly unit: '/s' | 'µs' | 'B';
  /** Medians over rounds: shown, never judged. */
  readonly before: number;
  readonly after: number;
  /** after's mode ÷ control over before's mode ÷ control; `null` for the control itself. */
  readonly ratio: number | null;
  /** `null` if either run has fewer than two rounds. */
  readonly low: number | null;
  readonly high: number | null;
  /** `not shown`: the interval contains 1; `null`: no interval. */
  readonly change: 'faster' | 'slower' | 'not shown' | null;
}
