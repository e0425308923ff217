import type { Capacity, EndedBy, Limit, Probed } from '../../core/result/sweep.ts';
import { between, isNarrow, nearest, type AxisKind } from '../../core/sweep/axis.ts';

/**
 * How one slot ended. `kept`: every gate passed and the load was kept up with. `violated`: the data went wrong, which is not noise.
 * `undecided`: there is too little to judge by. `limit` says whose limit it was.
 */
export type ProbeVerdict =
  | { readonly is: 'kept' }
  | { readonly is: 'undecided'; readonly because: string }
  | { readonly is: 'violated'; readonly because: string }
  | { readonly is: 'failed'; readonly because: string; readonly limit: Limit };

/** Where a search looks, and how closely. */
export interface CapacityOptions {
  readonly kind: AxisKind;
  readonly from: number;
  readonly to: number;
  /** How far apart the ends may be: 0.05 is 5 %. */
  readonly width: number;
  /** Where the climb begins, `from` or above; absent if at `from`. */
  readonly begin?: number;
  /** The most the target was seen to serve: the climb tries slightly more than that before it goes on doubling; absent if not known. */
  readonly served?: number;
}

/** A load gets its verdict once one outcome is ahead by this many slots, out of this many at most. */
const lead = 3;
const mostSlots = 9;
/** How often an end is tried before it is left open, and how often the lowest load is repeated before a target is given up. */
const mostEnds = 12;
const mostRecoveries = 12;
/** While no load has been kept yet, the lowest may fail on its own account: that is then tested properly. */
const mostRecoveriesUnseen = 3;
/** After this many slots spoiled by contend, a load is abandoned. */
const mostSpoiled = 2;
/** Slightly more than a target serves, as a factor. */
const littleMore = 1.2;

/** The load of a slot, and whether it only shows whether the target has recovered. */
interface Ask {
  readonly at: number;
  readonly isRecovery?: true;
}

type Asks = Generator<Ask, EndedBy, ProbeVerdict>;

/**
 * The search for the highest load that keeps the gates, as a state machine: it asks for the load of the next slot, is told how that went,
 * and decides nothing by a clock or by chance.
 *
 * Doubles until a slot fails, or goes down if the first one does. Then halves, one slot at a time, until the ends are close. Then both ends
 * must earn their verdict, and an end that does not moves outwards. After each slot that was not kept, the lowest load is repeated until it
 * is kept: only then has the target recovered. A slot that the generator spoiled does not count; a load that it spoils twice is abandoned.
 */
export class CapacitySearch {
  readonly #options: CapacityOptions;
  readonly #probes = new Map<number, Probed>();
  readonly #undecided = new Set<number>();
  /** For each load, the limits that its failed slots ran into. */
  readonly #limits = new Map<number, (Limit | 'data')[]>();
  /** Loads about which the generator lets nothing be known. */
  readonly #spoiled = new Set<number>();
  readonly #asks: Asks;
  #low: number | undefined;
  #high: number | undefined;
  /** The lowest load at which data went wrong. */
  #wrongFrom = Infinity;
  /** Whether the target was not seen to recover because the generator was too late to tell. */
  #isOwn = false;
  #isEarned = { low: false, high: false };
  #next: IteratorResult<Ask, EndedBy>;

  constructor(options: CapacityOptions) {
    this.#options = options;
    this.#asks = this.#search();
    this.#next = this.#asks.next();
  }

  /** The load of the next slot; `undefined` if the search is over. */
  get wanted(): number | undefined {
    return this.#next.done === true ? undefined : this.#next.value.at;
  }

  /** Whether the wanted slot is not a probe: it only shows whether the target has recovered, and may be short. */
  get isRecovering(): boolean {
    return this.#next.done !== true && this.#next.value.isRecovery === true;
  }

  /** The loads between which it searches, as far as single slots tell: the highest that was kept, and the lowest that was not. */
  get bracket(): { readonly low: number | undefined; readonly high: number | undefined } {
    return { low: this.#low, high: this.#high };
  }

  /** Reports how the wanted slot went. */
  tell(verdict: ProbeVerdict): void {
    if (this.#next.done === true) return;
    // After an overload the lowest load may fail for that reason: it says nothing about the load itself, unless data goes wrong.
    if (!this.isRecovering || verdict.is === 'violated') this.#note(this.#next.value.at, verdict);
    this.#next = this.#asks.next(verdict);
  }

  /**
   * What is known, at any time.
   *
   * @param cutBy why the search goes no further, if it is not over
   */
  found(cutBy: 'budget' | 'interrupted' | 'invalid'): Capacity {
    // A load that was kept once, or failed once, and was not repeated, is not confirmed; wrong data is final.
    const wrong = this.#wrongFrom;
    const low = this.#isEarned.low ? this.#low : undefined;
    const high = this.#isEarned.high ? this.#high : undefined;
    const keeps = low !== undefined && low < wrong ? low : null;
    const broken = Math.min(high ?? Infinity, wrong);
    const limit = broken === Infinity ? undefined : this.#limitAt(broken);
    // If the generator could do no more, the target might have been able to.
    const fails = broken === Infinity || limit === 'generator' ? null : broken;
    const over = this.#next.done === true ? this.#next.value : cutBy;
    const ended = over === 'recovery' && this.#isOwn ? 'generator' : over;
    const isWrong = limit === 'data' && ['width', 'recovery', 'from'].includes(ended);
    return {
      keeps,
      fails,
      undecided: [...this.#undecided]
        .filter((at) => at > (keeps ?? 0) && at < (fails ?? Infinity))
        .toSorted((a, b) => a - b),
      endedBy: isWrong
        ? 'violated'
        : limit === 'generator' && (ended === 'width' || ended === 'from')
          ? 'generator'
          : ended,
      limit: limit === undefined || limit === 'data' ? null : limit,
      probes: [...this.#probes.values()].toSorted((a, b) => a.at - b.at),
    };
  }

  #note(at: number, verdict: ProbeVerdict): void {
    const before = this.#probes.get(at) ?? { at, passes: 0, failures: 0, undecided: 0, spoiled: 0, because: null };
    const counted = verdict.is === 'kept' ? 'passes' : verdict.is === 'undecided' ? 'undecided' : 'failures';
    const isSpoiled = verdict.is === 'failed' && verdict.limit === 'generator';
    const { spoiled = 0, failures } = before;
    // What the target did says more than contend's own lateness.
    const isTold = verdict.is === 'kept' || (isSpoiled && failures > spoiled);
    const because = isTold ? before.because : verdict.because;
    const more = isSpoiled ? 1 : 0;
    this.#probes.set(at, { ...before, [counted]: before[counted] + 1, spoiled: spoiled + more, because });
    if (verdict.is === 'failed') this.#limits.set(at, [...(this.#limits.get(at) ?? []), verdict.limit]);
    if (verdict.is !== 'violated') return;
    this.#limits.set(at, ['data']);
    this.#wrongFrom = Math.min(this.#wrongFrom, at);
  }

  *#search(): Asks {
    const ended = yield* this.#climb();
    if (ended !== undefined) return ended;
    for (let middle = this.#middle(); middle !== undefined; middle = this.#middle()) {
      const is = yield* this.#ask(middle);
      if (is === 'lost') return 'recovery';
      if (is === 'kept') this.#low = middle;
      else this.#high = middle;
    }
    return yield* this.#earnBoth();
  }

  /** Doubles until a slot fails; if the first one does, goes down until one is kept. */
  *#climb(): Generator<Ask, EndedBy | undefined, ProbeVerdict> {
    const { from, to, begin = from } = this.#options;
    for (let at = begin; ;) {
      const above = this.#high;
      const is = yield* this.#ask(at);
      if (is === 'lost') return 'recovery';
      if (is === 'kept') this.#low = at;
      // A load that the generator spoiled bounds what is kept, and says nothing about loads above it.
      if (is === 'failed' || (is === 'spoiled' && this.#low !== undefined)) this.#high = at;
      if (is === 'failed' && at <= from) {
        // One slot may fail by chance, or because of other programs on the machine, so it must be confirmed that no load is kept. The slot
        // was not chosen for its outcome, so it counts too.
        const earned = yield* this.#earn(at, -1);
        if (earned === 'lost') return 'recovery';
        if (earned !== 'kept') {
          this.#isEarned.high = earned !== 'undecided';
          return at >= this.#wrongFrom ? 'violated' : earned === 'undecided' ? 'undecided' : 'from';
        }
        [this.#low, this.#high] = [at, above];
      }
      if (this.#low !== undefined && this.#high !== undefined) return undefined;
      if (this.#high === undefined) {
        if (at >= to) return is === 'spoiled' ? this.#unseen() : is === 'undecided' ? 'undecided' : undefined;
        at = this.#higher(at);
      } else {
        const next = this.#lowerUnspoiled(is === 'undecided' ? at : this.#high);
        if (next === undefined) return is === 'undecided' ? 'undecided' : this.#unseen();
        at = next;
      }
    }
  }

  /** The next load of the climb: twice as much, but one step does not go far past what the target was seen to serve. */
  #higher(at: number): number {
    const { kind, to, served = Infinity } = this.#options;
    const edge = nearest(kind, littleMore * served);
    const twice = nearest(kind, 2 * at);
    return Math.min(to, at < edge && edge < twice ? edge : twice);
  }

  /** The next load on the way down, half as much, avoiding loads that the generator spoils; `undefined` if none is left. */
  #lowerUnspoiled(at: number): number | undefined {
    const { kind, from, width } = this.#options;
    const half = Math.max(from, kind === 'rate' ? nearest(kind, at / 2) : Math.floor(at / 2));
    if (half >= at) return undefined;
    if (!this.#spoiled.has(half)) return half;
    const middle = between(kind, half, at, 0.5);
    return isNarrow(kind, half, at, width) || middle <= half || middle >= at || this.#spoiled.has(middle)
      ? undefined
      : middle;
  }

  /** No load was kept because the generator was in the way: the lowest that it spoiled is its limit. */
  #unseen(): EndedBy {
    if (this.#high === undefined) {
      this.#high = Math.min(...this.#spoiled);
      this.#isEarned.high = true;
    }
    return 'generator';
  }

  /** Confirms both ends; an end that is not confirmed moves outwards, in growing steps. */
  *#earnBoth(): Asks {
    const { kind, from, to, width } = this.#options;
    let step = 1 + width;
    const wider = (): number => {
      const now = step;
      step *= step;
      return now;
    };
    for (let tries = 0; tries < mostEnds; tries++) {
      const end = this.#isEarned.low ? 'high' : 'low';
      if (end === 'high' && (this.#high === undefined || this.#isEarned.high)) break;
      const at = end === 'low' ? this.#low! : this.#high!;
      const is = yield* this.#earn(at);
      if (is === 'lost') return 'recovery';
      if (end === 'low') {
        if (is === 'kept') {
          this.#isEarned.low = true;
          continue;
        }
        if (is === 'failed' || is === 'spoiled') {
          this.#high = at;
          this.#isEarned.high = true;
        } else this.#undecided.add(at);
        if (at <= from) {
          this.#low = undefined;
          return this.#wrongFrom <= at ? 'violated' : is === 'undecided' ? 'undecided' : 'from';
        }
        this.#low = Math.max(from, this.#lower(at, wider()));
      } else if (is === 'failed' || is === 'spoiled') this.#isEarned.high = true;
      else {
        if (is === 'kept') this.#low = at;
        else this.#undecided.add(at);
        const higher = Math.max(nearest(kind, at * wider()), kind === 'rate' ? 0 : at + 1);
        this.#high = at >= to ? undefined : Math.min(to, higher);
      }
    }
    return yield* this.#close();
  }

  /** Narrows the bracket again after the steps outwards have widened it. */
  *#close(): Asks {
    const { low, high } = this.#isEarned;
    if (this.#high === undefined) return low && this.#low === this.#options.to ? 'axis' : 'undecided';
    if (!low || !high) return 'undecided';
    for (let middle = this.#middle(); middle !== undefined; middle = this.#middle()) {
      const is = yield* this.#earn(middle);
      if (is === 'lost') return 'recovery';
      if (is === 'kept') this.#low = middle;
      else if (is === 'failed' || is === 'spoiled') this.#high = middle;
      else {
        this.#undecided.add(middle);
        return 'undecided';
      }
    }
    return 'width';
  }

  /** Where to halve the bracket; `undefined` if it is narrow. */
  #middle(): number | undefined {
    const { kind, width } = this.#options;
    const [low, high] = [this.#low, this.#high];
    if (low === undefined || high === undefined || isNarrow(kind, low, high, width)) return undefined;
    const middle = between(kind, low, high, 0.5);
    return middle > low && middle < high ? middle : undefined;
  }

  #lower(at: number, step: number): number {
    const { kind } = this.#options;
    const lower = nearest(kind, at / step);
    return kind === 'rate' || lower < at ? lower : at - 1;
  }

  /** The verdict on a load, by as many slots as it takes; wrong data takes one. A spoiled slot does not count. */
  *#earn(at: number, before = 0): Generator<Ask, Asked, ProbeVerdict> {
    let ahead = before;
    for (let slots = Math.abs(before); slots < mostSlots && Math.abs(ahead) < lead; slots++) {
      if (at >= this.#wrongFrom) return 'failed';
      if (this.#spoiled.has(at)) break;
      const is = yield* this.#askOnce(at);
      if (is === 'lost') return is;
      if (is === 'kept') ahead++;
      if (is === 'failed') ahead--;
      if (is === 'spoiled' && ahead <= 0 && this.#spoiledAt(at) >= mostSpoiled) this.#spoiled.add(at);
    }
    if (at >= this.#wrongFrom) return 'failed';
    if (this.#spoiled.has(at)) return 'spoiled';
    return ahead >= lead ? 'kept' : ahead <= -lead ? 'failed' : 'undecided';
  }

  /** Loads with at least one slot that was kept. */
  #kept(): readonly number[] {
    return [...this.#probes.values()].flatMap(({ at, passes }) => (passes > 0 ? [at] : []));
  }

  #spoiledAt(at: number): number {
    return this.#probes.get(at)?.spoiled ?? 0;
  }

  #limitAt(at: number): Limit | 'data' | undefined {
    const limits = this.#limits.get(at) ?? [];
    return this.#spoiled.has(at) && !limits.includes('data') ? 'generator' : limitOf(limits);
  }

  /** As {@link #askOnce}, but repeated once if the slot was spoiled: no more often, as slots of other loads may say more. */
  *#ask(at: number): Generator<Ask, Asked, ProbeVerdict> {
    for (;;) {
      const is = yield* this.#askOnce(at);
      if (is !== 'spoiled') return is;
      if (this.#spoiledAt(at) < mostSpoiled) continue;
      this.#spoiled.add(at);
      return is;
    }
  }

  /** One slot and, if it was not kept, as many of the lowest load as it takes to see the target recover. */
  *#askOnce(at: number): Generator<Ask, Asked, ProbeVerdict> {
    const { from } = this.#options;
    if (at >= this.#wrongFrom) return 'failed';
    const verdict = yield { at };
    const { is } = verdict;
    if (is === 'kept' || is === 'undecided') return is;
    const how = verdict.is === 'failed' && verdict.limit === 'generator' ? 'spoiled' : 'failed';
    // A late generator has overloaded nothing, least of all with the lowest load.
    if (at <= from && how === 'spoiled') return how;
    // If the lowest load is not kept, that is the answer itself, unless it was kept before.
    if (at <= from && (this.#probes.get(from)?.passes ?? 0) === 0) return how;
    const isUnseen = this.#kept().length === 0;
    // If contend spoils the lowest load, that load shows nothing of the target: the lowest one that was kept takes its place.
    const lowest = this.#spoiled.has(from) ? Math.min(at, ...this.#kept()) : from;
    let last: ProbeVerdict | undefined;
    for (let tries = 0; tries < (isUnseen ? mostRecoveriesUnseen : mostRecoveries); tries++) {
      last = yield { at: lowest, isRecovery: true };
      if (last.is === 'violated') return 'lost';
      if (last.is !== 'failed') return how;
    }
    if (isUnseen) return how;
    // The reason for giving up is reported with the lowest load.
    if (last !== undefined) this.#note(lowest, last);
    if (last?.is === 'failed' && last.limit === 'generator') this.#isOwn = true;
    return 'lost';
  }
}

/** Whose limit the slots of one load ran into: the generator's if it was that of half of them, as it then hides any other. */
const limitOf = (all: readonly (Limit | 'data')[]): Limit | 'data' | undefined => {
  const own = all.filter((limit) => limit === 'generator').length;
  return own > 0 && 2 * own >= all.length ? 'generator' : all.findLast((limit) => limit !== 'generator');
};

type Asked = 'kept' | 'undecided' | 'failed' | 'spoiled' | 'lost';
