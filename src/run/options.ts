import type { Draws } from '../core/recording/draw.ts';
import type { Host } from '../core/host.ts';
import type { Tables } from '../core/table.ts';
import type { Watch } from '../core/watch.ts';
import type { AgentsAsked, ClusterOptions } from '../measure/runner/cluster/controller/cluster.ts';
import type { JudgeOptions } from '../judge/run-result.ts';

/** What a run needs beside its plan. */
export interface RunOptions extends JudgeOptions {
  readonly host: Pick<
    Host,
    | 'clock'
    | 'epochNs'
    | 'name'
    | 'network'
    | 'cpuUs'
    | 'execPath'
    | 'env'
    | 'tool'
    | 'machine'
    | 'wallClockMs'
    | 'readText'
    | 'readyForLoad'
    | 'readBytes'
    | 'listInside'
    | 'readInside'
    | 'openFile'
    | 'removeFile'
    | 'makeTemporaryFolder'
  >;
  /** The rows of the files that the plan's variables read; they came with the plan. */
  readonly tables: Tables;
  /** Aborted: no slot begins any more, and what was measured is the result. */
  readonly signal: AbortSignal;
  /** The machines that modes are measured on, and who asks for them; absent: this one alone. */
  readonly agents?: (AgentsAsked & Pick<ClusterOptions, 'who'>) | undefined;
  /** Filled in as the run goes on, for whoever shows progress. */
  readonly watch: Watch;
  /** Whether the result so far is wanted after every round; it takes a tenth of a second to make. */
  readonly eachRound?: boolean;
  /** A folder that is there, in which the histories of observed operations are kept; not kept if not given. */
  readonly historyFolder?: string | undefined;
  /** A folder that is there, into which the logs of what is started are written; not written if not given. */
  readonly logFolder?: string | undefined;
  /** Filled in slot by slot with iterations of every mode, where some are wanted. */
  readonly draws?: Draws | undefined;
  /** What the run may take at most: slots are shortened round by round where it turns out to take longer. */
  readonly budgetUs?: number | undefined;
}
