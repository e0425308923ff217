/** What tells the points of one instrument apart, with OpenTelemetry's names. */
export interface Attributes {
  readonly [name: string]: string | number;
}

/** Times counted in buckets, in seconds. */
export interface Distribution {
  /** One count more than there are edges: the last counts everything above the last edge. */
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
  /** With dots, as OpenTelemetry writes it. */
  readonly name: string;
  readonly help: string;
}

/** A number that only grows during a run. */
export interface Counter extends Named {
  readonly kind: 'counter';
  /** UCUM; the thing counted is in braces: `{iteration}`. */
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

/** One metric of a result, as other systems keep it. The unit `1` is a share, or yes and no. */
export type Instrument = Counter | Gauge | Timer;

/**
 * The upper edges of all buckets, in seconds: those that OpenTelemetry recommends for `http.client.request.duration`, with finer
 * ones below and coarser ones above, because waits for locks are short and queues are long.
 */
export const edgesSeconds: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30,
  60,
];
