import type { Call } from '../../store.ts';
import type { Outcome, Work } from '../../work.ts';
import type { Database } from '../database.ts';

/** How a change is kept apart from all others that go on at the same time. */
export interface Strategy {
  /** `nothing`: changes can be lost; `no lost update`: whatever it acknowledges is in the data afterwards, once. */
  readonly promises: 'nothing' | 'no lost update';
  /** Carries a change out. Throws what the database says, where that is no outcome. */
  readonly change: (database: Database, work: Work, call: Call) => Promise<Outcome>;
}
