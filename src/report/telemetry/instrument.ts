/** What tells the points of one instrument apart, by OpenTelemetry's names. */
export interface Attributes {
  readonly [name: string]: string | number;
}

/** Times that were counted in buckets, in seconds. */
export interface Distribution {
  /** One count more than there are edges: the last one lies beyond them all. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sumSeconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** One value of an instrument. */
export interface Point<Value> {
  readonly attributes: Attributes;
  readonly value: Value;
}

interface Named {
  /** With dots, as in OpenTelemetry. */
  readonly name: string;
  readonly help: string;
}

/** Something that only ever grows while a run goes on. */
export interface Counter extends Named {
  readonly kind: 'counter';
  /** UCUM; what is counted stands in braces: `{iteration}`. */
  readonly unit: string;
  readonly points: readonly Point<number>[];
}

/** A number as it was at the end. */
export interface Gauge extends Named {
  readonly kind: 'gauge';
  readonly unit: string;
  readonly points: readonly Point<number>[];
}

/** Times, in the buckets of {@link edgesSeconds}. */
export interface Timer extends Named {
  readonly kind: 'histogram';
  readonly unit: 's';
  readonly points: readonly Point<Distribution>[];
}

/** One metric of a result, as other systems keep them; `1` for a unit: a share, or yes and no. */
export type Instrument = Counter | Gauge | Timer;

/**
 * The upper edges of all buckets, in seconds: those that OpenTelemetry advises for `http.client.request.duration`, and finer
 * ones below and coarser ones above, since waits for locks are short, and queues long.
 */
export const edgesSeconds: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30,
  60,
];
