import type { Clock } from '../../core/clock.ts';
import type { VerifiedHistory } from '../../core/result/finding.ts';
import type { Terms } from './choice.ts';
import type { CustomModel } from './engines/search/custom.ts';
import type { Contradiction, Known } from './engines/engine.ts';
import type { ModelName } from './model-names.ts';

/** A contradiction and the key that it concerns. */
export interface KeyFinding extends Contradiction {
  readonly key: string;
}

/** A judged history; its findings refer to the rows of the history. */
export interface HistoryVerdict extends Omit<VerifiedHistory, 'findings'> {
  readonly model: ModelName;
  /** Those with the most that is surely wrong first. */
  readonly findings: readonly KeyFinding[];
}

/** How a history is judged. */
export interface VerifyOptions extends Terms {
  readonly model: ModelName;
  /** For the model `custom`. */
  readonly custom?: CustomModel;
  /** What is known of a key apart from its operations. */
  readonly known: (key: string) => Known;
  readonly clock: Clock;
  /** Whether the times of all sessions come from one clock; true unless given. If false, only the order within a session counts. */
  readonly isOneClock?: boolean;
  /** For searches, all keys together, in µs. */
  readonly budgetUs: number;
  /** For what a search remembers of one key. */
  readonly mostBytes: number;
}
