/** An operation as a trial makes it; what is left out was not said. Times in ns, both ends included. */
export interface Deed {
  readonly f: string;
  readonly session: number;
  readonly status: 'ok' | 'fail' | 'info';
  readonly call: number;
  /** When its answer was there, or its session gave up on it. */
  readonly ret: number;
  readonly value?: number;
  readonly operand?: number;
  readonly version?: number;
  /** Of a log's read: the whole list. */
  readonly list?: readonly number[];
}

/** What an object may do, one operation after the other; its states are texts or numbers, never `undefined`. */
export interface Machine<S extends string | number> {
  readonly initials: readonly S[];
  /** The state after an operation that has this answer, or none; `undefined`: that cannot be. */
  readonly step: (state: S, deed: Deed) => S | undefined;
  /** Whether it may be in that state when all is over. */
  readonly mayEnd: (state: S) => boolean;
}

/** Whether one operation has to come before another one. */
export type Before = (earlier: Deed, later: Deed) => boolean;

/** By one clock. */
export const byTimes: Before = (a, b) => a.status !== 'info' && a.ret < b.call;

/** By the order within each session alone: what became of an unanswered one may come after all that its session did later. */
export const bySessions: Before = (a, b) => a.session === b.session && a.status !== 'info' && a.call < b.call;

/**
 * Whether some order of the operations is one that the machine allows: by trying them all. All but those of unknown outcome
 * are in it. For up to a dozen operations.
 */
export const hasOrder = <S extends string | number>(
  deeds: readonly Deed[],
  { initials, step, mayEnd }: Machine<S>,
  before: Before,
): boolean => {
  let needed = 0;
  const earlier = new Int32Array(deeds.length);
  for (let at = 0; at < deeds.length; at++) {
    if (deeds[at]!.status !== 'info') needed |= 1 << at;
    for (let other = 0; other < deeds.length; other++)
      if (other !== at && deeds[other]!.status !== 'info' && before(deeds[other]!, deeds[at]!))
        earlier[at]! |= 1 << other;
  }
  const seen = new Map<S, Uint8Array>();
  const walk = (done: number, state: S): boolean => {
    if ((done & needed) === needed && mayEnd(state)) return true;
    let tried = seen.get(state);
    if (tried === undefined) seen.set(state, (tried = new Uint8Array(1 << deeds.length)));
    if (tried[done] === 1) return false;
    tried[done] = 1;
    for (let at = 0; at < deeds.length; at++) {
      if ((done & (1 << at)) !== 0 || (earlier[at]! & ~done) !== 0) continue;
      const next = step(state, deeds[at]!);
      if (next !== undefined && walk(done | (1 << at), next)) return true;
    }
    return false;
  };
  return initials.some((state) => walk(0, state));
};
