/** What a consistency model promises beside what its name says; what is not there is not promised. */
export interface Promises {
  /** Of a lock: it lapses by itself so long after it was asked for at the earliest. */
  readonly leaseNs?: number;
  /** Of issued numbers: one that is asked for after another was issued is greater. */
  readonly isOrdered?: boolean;
  /** Of issued numbers: none is left out. */
  readonly isDense?: boolean;
  /** Of accounts: none ends below it, unless it began there. */
  readonly least?: number;
}
