/** A machine that lent itself to a run. */
export interface AgentResult {
  /** Its place among them, from 1. */
  readonly agent: number;
  readonly host: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** How many it lent. */
  readonly threads: number;
  /** Its times were so far beside the run's clock at most, in any slot, in µs; `null`: a clock was set meanwhile. */
  readonly clockErrorUs: number | null;
}

/** What one agent did in a mode, all rounds together. */
export interface ModeAgentResult {
  /** As in `agents` of the document. */
  readonly agent: number;
  /** Median over rounds of its completions inside the window / its length. */
  readonly throughputPerSecond: number;
  /** Of response times: medians over rounds. */
  readonly p50Us: number;
  readonly p99Us: number;
  /** CPU time of its threads over the time that they had, 0 to 1. */
  readonly cpuShare: number;
  /** How much too late it heard that a slot had begun, at worst. */
  readonly lateUs: number;
}
