import type { Call } from '../../store.ts';
import type { Outcome, Work } from '../../work.ts';
import type { Database } from '../database.ts';

/** How a change is isolated from concurrent ones. */
export interface Strategy {
  /** `nothing`: changes can be lost; `no lost update`: whatever it acknowledges is in the data afterwards, once. */
  readonly promises: 'nothing' | 'no lost update';
  /** Carries out a change. Throws the database's error if that is not an outcome. */
  readonly change: (database: Database, work: Work, call: Call) => Promise<Outcome>;
}
