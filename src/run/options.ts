import type { Draws } from '../core/recording/draw.ts';
import type { Host } from '../core/host.ts';
import type { Tables } from '../core/table.ts';
import type { Watch } from '../core/watch.ts';
import type { AgentsAsked, ClusterOptions } from '../measure/runner/cluster/controller/cluster.ts';
import type { JudgeOptions } from '../judge/run-result.ts';

/** What a run needs in addition to its plan. */
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
  /** The rows of the files that the plan's variables read, as read with the plan. */
  readonly tables: Tables;
  /** Once aborted, no new slot starts, and the result is what was measured. */
  readonly signal: AbortSignal;
  /** The agents that modes are measured on, and who asks for them; absent to use only this machine. */
  readonly agents?: (AgentsAsked & Pick<ClusterOptions, 'who'>) | undefined;
  /** Filled in during the run, for showing progress. */
  readonly watch: Watch;
  /** Whether the result so far is wanted after every round; making it takes a tenth of a second. */
  readonly eachRound?: boolean;
  /** An existing folder in which the histories of observed operations are kept; without it they are not kept. */
  readonly historyFolder?: string | undefined;
  /** An existing folder for the logs of started programs; without it none are written. */
  readonly logFolder?: string | undefined;
  /** Filled in slot by slot with iterations of every mode, if any are wanted. */
  readonly draws?: Draws | undefined;
  /** The longest that the run may take: slots are shortened round by round if it turns out to take longer. */
  readonly budgetUs?: number | undefined;
}
