/**
 * The cheapest of the modes that kept the data right: the one with the highest throughput or, if all were offered the same rate,
 * the lowest times.
 *
 * `one`: better than every other; `level`: several that are within 5 % of each other; `only`: no other mode kept it right, so
 * there was nothing to choose from; `none`: no mode is known to be right; `open`: it cannot be told which of them.
 */
export interface Cheapest {
  readonly is: 'one' | 'level' | 'only' | 'none' | 'open';
  /** Names, apparently cheapest first; empty for `none`. */
  readonly modes: readonly string[];
  /** Where `one` is worse than another mode that could be chosen instead. Absent if nowhere that matters, and in older documents. */
  readonly drawbacks?: readonly Drawback[];
}

/** What speaks against the cheapest mode. */
export interface Drawback {
  readonly metric: 'p99' | 'failed' | 'wasted';
  /** `p99`: this many times that of `than`; otherwise the share of iterations that failed, or of requests wasted on conflicts. */
  readonly value: number;
  /** The other mode, for `p99`. */
  readonly than?: string;
}
