/**
 * The cheapest of the modes that kept the data right: with the highest throughput or, where all were offered the same rate,
 * the lowest times.
 *
 * `one`: told apart from every other; `level`: several that no two are 5 % apart of; `only`: no other kept it right, so that
 * there was nothing to choose from; `none`: of no mode it is known; `open`: nobody can tell which of them.
 */
export interface Cheapest {
  readonly is: 'one' | 'level' | 'only' | 'none' | 'open';
  /** By name, that which looks cheapest first; empty for `none`. */
  readonly modes: readonly string[];
  /** In what `one` is worse than another that could be chosen in its place. Absent where it is in nothing that matters, and in documents older than this. */
  readonly drawbacks?: readonly Drawback[];
}

/** What speaks against the cheapest mode. */
export interface Drawback {
  readonly metric: 'p99' | 'failed' | 'wasted';
  /** `p99`: so many times that of `than`; else the share of the iterations that failed, of the requests that conflicts threw away. */
  readonly value: number;
  /** Another mode, with `p99`. */
  readonly than?: string;
}
