import type { History } from '../../core/history/history.ts';
import type { Promises } from '../../core/plan/plan.ts';
import type { Subject } from './check-certificate.ts';
import type { Engine, Known } from './engines/engine.ts';
import type { LogLists } from './engines/lists/places.ts';
import type { MachineOf } from './engines/search/machine.ts';

/** An object that a search can be made for. */
export interface Searchable {
  readonly machine: MachineOf;
  /** Whether operations say values, as in a register: a contradiction is then made smaller by leaving out values. */
  readonly isRegister: boolean;
  /** What it shall see, where not the history as it is. */
  readonly history?: History;
  /** Where it gives up, nothing is known; otherwise what the engines did not find still says something. */
  readonly isAll: boolean;
}

/** An engine, and what its certificates are about. */
export interface Judge {
  readonly engine: Engine;
  readonly subject: Subject;
  /** What it shall see, where not the history as it is: row n is the same operation. */
  readonly history?: History;
}

/** What would have gone wrong visibly, of what timing may hide. */
export interface Exposed {
  /**
   * How many pairs would.
   *
   * @param waitedNs how long a row waited for the lock of its critical section
   */
  readonly pairs: (waitedNs: (row: number) => number) => number;
  /** Who asks says for what, so that operations with different names are no pair. */
  readonly areApart: boolean;
}

/**
 * How the operations on one key are judged: by engines, one after the other until one finds something; where none does, and
 * that proves nothing, by a search.
 */
export interface Choice {
  readonly judges: readonly Judge[];
  /** Why it proves nothing that the engines find nothing; absent: it proves that nothing is wrong. */
  readonly inexact?: string;
  readonly search?: Searchable;
  /** Why it proves nothing either that a search finds an order. */
  readonly limit?: string;
  /** Why it is not known whether all is right where the engines find nothing. */
  readonly doubt?: string;
  /** What would have gone wrong visibly, where timing may hide it; absent: whatever was under way at once would show. */
  readonly exposed?: Exposed;
  /** Of pairs that were under way at once those that would have shown, where not all do, and why there are none. */
  readonly shown?: { readonly pairs: number; readonly none: string };
  /** Why nothing could have gone wrong, however much was under way at once. */
  readonly idle?: string;
  /** Why nothing can be judged at all. */
  readonly impossible?: string;
}

/** What a model promises beside what its name says, and what is known that is more than a number. */
export interface Terms extends Promises {
  /** Of a log: the elements at first and at the end, as far as they are known. */
  readonly lists?: (key: string) => LogLists;
}

/** Chooses for a key, of whose operations alone the history is, at least one; `of`: what is known of any key. */
export type Choose = (
  history: History,
  rows: Uint32Array,
  known: Known,
  terms: Terms & { readonly of: (key: string) => Known },
) => Choice;
