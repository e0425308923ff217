import type { Clock } from '../../core/clock.ts';
import type { VerifiedHistory } from '../../core/result/finding.ts';
import type { Terms } from './choice.ts';
import type { CustomModel } from './engines/search/custom.ts';
import type { Contradiction, Known } from './engines/engine.ts';
import type { ModelName } from './model-names.ts';

/** A contradiction and the key that it is about. */
export interface KeyFinding extends Contradiction {
  readonly key: string;
}

/** A history, judged; its findings by the rows of the history. */
export interface HistoryVerdict extends Omit<VerifiedHistory, 'findings'> {
  readonly model: ModelName;
  /** The most that is surely wrong first. */
  readonly findings: readonly KeyFinding[];
}

/** How a history is judged. */
export interface VerifyOptions extends Terms {
  readonly model: ModelName;
  /** For the model `custom`. */
  readonly custom?: CustomModel;
  /** What is known of a key beside its operations. */
  readonly known: (key: string) => Known;
  readonly clock: Clock;
  /** Whether the times of all sessions are by one clock, as unless it is false; else only the order in a session counts. */
  readonly isOneClock?: boolean;
  /** For searches, all keys together, in µs. */
  readonly budgetUs: number;
  /** For what a search remembers of one key. */
  readonly mostBytes: number;
}
