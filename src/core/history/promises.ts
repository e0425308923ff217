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
  /** Of grants: so many there may be, whatever the operations say. */
  readonly limit?: number;
  /** Of grants: so many in every stretch of time that is so long; absent: altogether. */
  readonly perNs?: number;
  /** Of grants: in every such stretch, wherever it begins; else in windows that follow one another. */
  readonly isSliding?: boolean;
  /** Of grants: so many more. */
  readonly burst?: number;
  /** Of what is done once: by so much it moves what is read of it; 1 if not given. */
  readonly effectBy?: number;
  /** Of a register: each session reads its own writes and nothing older than before, and no more than that. */
  readonly isOfSessions?: boolean;
  /** Of a compare-and-swap: it is refused only where something else was there. */
  readonly areRefusalsJustified?: boolean;
}
