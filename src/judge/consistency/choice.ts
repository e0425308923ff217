import type { History } from '../../core/history/history.ts';
import type { Promises } from '../../core/plan/plan.ts';
import type { Subject } from './check-certificate.ts';
import type { Engine, Known } from './engines/engine.ts';
import type { LogLists } from './engines/lists/places.ts';
import type { MachineOf } from './engines/search/machine.ts';

/** An object that can be searched. */
export interface Searchable {
  readonly machine: MachineOf;
  /** Whether operations name values, as in a register: a contradiction is then made smaller by leaving out values. */
  readonly isRegister: boolean;
  /** The history to search, if it is not the given one. */
  readonly history?: History;
  /** If the search gives up, nothing is known. Otherwise the fact that the engines found nothing still counts. */
  readonly isAll: boolean;
}

/** An engine, and what its certificates are about. */
export interface Judge {
  readonly engine: Engine;
  readonly subject: Subject;
  /** The history to judge, if it is not the given one. Row n is the same operation. */
  readonly history?: History;
}

/** What would have gone wrong visibly, of all that timing may hide. */
export interface Exposed {
  /**
   * The number of pairs that would have gone wrong visibly.
   *
   * @param waitedNs how long a row waited for the lock of its critical section
   */
  readonly pairs: (waitedNs: (row: number) => number) => number;
  /** Each request names what it asks for, so operations with different names are not a pair. */
  readonly areApart: boolean;
}

/**
 * How the operations on one key are judged: by engines, in turn, until one finds something. If none does, and that proves nothing, by a
 * search.
 */
export interface Choice {
  readonly judges: readonly Judge[];
  /** Why it proves nothing if the engines find nothing; absent if it proves that nothing is wrong. */
  readonly inexact?: string;
  readonly search?: Searchable;
  /** Why it proves nothing either if a search finds an order. */
  readonly limit?: string;
  /** Why it is unknown whether all is right if the engines find nothing. */
  readonly doubt?: string;
  /** What would have gone wrong visibly, where timing may hide it; absent if every overlap would show. */
  readonly exposed?: Exposed;
  /** How many of the overlapping pairs would have shown a mistake, where not all would, and why there are none. */
  readonly shown?: { readonly pairs: number; readonly none: string };
  /** Why nothing could have gone wrong, however much overlapped. */
  readonly idle?: string;
  /** Why nothing can be judged at all. */
  readonly impossible?: string;
}

/** What a model promises beyond its name, and what is known that is more than a number. */
export interface Terms extends Promises {
  /** For a log: its elements at first and at the end, as far as they are known. */
  readonly lists?: (key: string) => LogLists;
}

/** Chooses for a key. The history holds the operations of that key alone, at least one; `of` gives what is known of any key. */
export type Choose = (
  history: History,
  rows: Uint32Array,
  known: Known,
  terms: Terms & { readonly of: (key: string) => Known },
) => Choice;
