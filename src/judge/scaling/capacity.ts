import type { Capacity, EndedBy, Limit, Probed } from '../../core/result/sweep.ts';
import { between, isNarrow, nearest, type AxisKind } from '../../core/sweep/axis.ts';

/**
 * How one slot ended. `kept`: every gate passed and the load was kept up with; `violated`: the data went wrong, which is no noise;
 * `undecided`: there is too little to judge by. `limit`: whose it was.
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
}

/** A verdict on a load is earned by so many more slots of one kind, of so many at most. */
const lead = 3;
const mostSlots = 9;
/** How often an end is tried before it is left open, and how often the lowest load before a target is given up. */
const mostEnds = 12;
const mostRecoveries = 12;

/** The load of a slot, and whether it is only to see the target recovered. */
interface Ask {
  readonly at: number;
  readonly isRecovery?: true;
}

type Asks = Generator<Ask, EndedBy, ProbeVerdict>;

/**
 * The search for the highest load that keeps the gates, as a state machine: it asks for the load of the next slot, is told how that
 * went, and decides nothing by a clock or by chance.
 *
 * Doubles until a slot fails; halves, a slot each, until the ends are close; then both ends must earn their verdict, and one that does
 * not moves outwards. After each slot that was not kept the lowest load is asked for until it is: only then has the target recovered.
 */
export class CapacitySearch {
  readonly #options: CapacityOptions;
  readonly #probes = new Map<number, Probed>();
  readonly #undecided = new Set<number>();
  /** Of each load, whose limit each slot that failed ran into. */
  readonly #limits = new Map<number, (Limit | 'data')[]>();
  readonly #asks: Asks;
  #low: number | undefined;
  #high: number | undefined;
  /** Data went wrong there. */
  #wrongFrom = Infinity;
  /** The target was not seen to recover, as the generator was too late to tell. */
  #isOwn = false;
  #isEarned = { low: false, high: false };
  #next: IteratorResult<Ask, EndedBy>;

  constructor(options: CapacityOptions) {
    this.#options = options;
    this.#asks = this.#search();
    this.#next = this.#asks.next();
  }

  /** The load of the next slot; undefined: the search is over. */
  get wanted(): number | undefined {
    return this.#next.done === true ? undefined : this.#next.value.at;
  }

  /** Whether the slot that is wanted is no probe: it only shows whether the target has recovered, and may be short. */
  get isRecovering(): boolean {
    return this.#next.done !== true && this.#next.value.isRecovery === true;
  }

  /** Between which loads it looks, as far as single slots tell: the highest that kept, and the lowest that did not. */
  get bracket(): { readonly low: number | undefined; readonly high: number | undefined } {
    return { low: this.#low, high: this.#high };
  }

  /** Tells how the slot went that was wanted. */
  tell(verdict: ProbeVerdict): void {
    if (this.#next.done === true) return;
    // After an overload the lowest load may fail for that: it says nothing of the load itself, but where data goes wrong.
    if (!this.isRecovering || verdict.is === 'violated') this.#note(this.#next.value.at, verdict);
    this.#next = this.#asks.next(verdict);
  }

  /**
   * What is known, at any time.
   *
   * @param cutBy why the search goes no further, where it is not over
   */
  found(cutBy: 'budget' | 'interrupted' | 'invalid'): Capacity {
    // What has kept once, or failed once, and nobody has asked again, is not shown; where data went wrong it is, for good.
    const wrong = this.#wrongFrom;
    const low = this.#isEarned.low ? this.#low : undefined;
    const high = this.#isEarned.high ? this.#high : undefined;
    const keeps = low !== undefined && low < wrong ? low : null;
    const broken = Math.min(high ?? Infinity, wrong);
    const limit = broken === Infinity ? undefined : limitOf(this.#limits.get(broken) ?? []);
    // Where the generator could do no more, the target may have been able to.
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
    const before = this.#probes.get(at) ?? { at, passes: 0, failures: 0, undecided: 0, because: null };
    const counted = verdict.is === 'kept' ? 'passes' : verdict.is === 'undecided' ? 'undecided' : 'failures';
    const because = verdict.is === 'kept' ? before.because : verdict.because;
    this.#probes.set(at, { ...before, [counted]: before[counted] + 1, because });
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

  /** Doubles until a slot fails. */
  *#climb(): Generator<Ask, EndedBy | undefined, ProbeVerdict> {
    const { kind, from, to } = this.#options;
    for (let at = from; ; at = Math.min(to, nearest(kind, 2 * at))) {
      const is = yield* this.#ask(at);
      if (is === 'lost') return 'recovery';
      if (is === 'kept') this.#low = at;
      if (is === 'failed') {
        this.#high = at;
        if (this.#low !== undefined) return undefined;
        // One slot may fail by chance, or for what else the machine does: that no load is kept has to be shown, too. It was not chosen
        // for how it went, so that it counts itself.
        const earned = yield* this.#earn(at, -1);
        if (earned === 'lost') return 'recovery';
        if (earned === 'kept') [this.#low, this.#high] = [at, undefined];
        else {
          this.#isEarned.high = earned === 'failed';
          return at >= this.#wrongFrom ? 'violated' : earned === 'failed' && at === from ? 'from' : 'undecided';
        }
      }
      if (at >= to) return is === 'undecided' ? 'undecided' : undefined;
    }
  }

  /** Both ends must be shown; what is not shown moves outwards, in steps that grow. */
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
        if (is === 'failed') {
          this.#high = at;
          this.#isEarned.high = true;
        } else this.#undecided.add(at);
        if (at <= from) {
          this.#low = undefined;
          return this.#wrongFrom <= at ? 'violated' : is === 'failed' ? 'from' : 'undecided';
        }
        this.#low = Math.max(from, this.#lower(at, wider()));
      } else if (is === 'failed') this.#isEarned.high = true;
      else {
        if (is === 'kept') this.#low = at;
        else this.#undecided.add(at);
        const higher = Math.max(nearest(kind, at * wider()), kind === 'rate' ? 0 : at + 1);
        this.#high = at >= to ? undefined : Math.min(to, higher);
      }
    }
    return yield* this.#close();
  }

  /** What the steps outwards have torn open is closed again. */
  *#close(): Asks {
    const { low, high } = this.#isEarned;
    if (this.#high === undefined) return low && this.#low === this.#options.to ? 'axis' : 'undecided';
    if (!low || !high) return 'undecided';
    for (let middle = this.#middle(); middle !== undefined; middle = this.#middle()) {
      const is = yield* this.#earn(middle);
      if (is === 'lost') return 'recovery';
      if (is === 'kept') this.#low = middle;
      else if (is === 'failed') this.#high = middle;
      else {
        this.#undecided.add(middle);
        return 'undecided';
      }
    }
    return 'width';
  }

  /** Where a bracket is halved; undefined: it is narrow. */
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

  /** The verdict on a load, by as many slots as it takes; data that went wrong takes one. */
  *#earn(at: number, before = 0): Generator<Ask, Asked, ProbeVerdict> {
    let ahead = before;
    for (let slots = Math.abs(before); slots < mostSlots && Math.abs(ahead) < lead; slots++) {
      if (at >= this.#wrongFrom) return 'failed';
      const is = yield* this.#ask(at);
      if (is === 'lost') return is;
      if (is === 'kept') ahead++;
      if (is === 'failed') ahead--;
    }
    if (at >= this.#wrongFrom) return 'failed';
    return ahead >= lead ? 'kept' : ahead <= -lead ? 'failed' : 'undecided';
  }

  /** One slot, and, where that was not kept, as many of the lowest load as it takes to see the target recovered. */
  *#ask(at: number): Generator<Ask, Asked, ProbeVerdict> {
    const { from } = this.#options;
    if (at >= this.#wrongFrom) return 'failed';
    const verdict = yield { at };
    const { is } = verdict;
    if (is === 'kept' || is === 'undecided') return is;
    // A late generator has overloaded nothing, least of all with the lowest load.
    if (at <= from && verdict.is === 'failed' && verdict.limit === 'generator') return 'failed';
    // That the lowest is not kept is the answer itself, unless it was kept before.
    if (at <= from && (this.#probes.get(from)?.passes ?? 0) === 0) return 'failed';
    let last: ProbeVerdict | undefined;
    for (let tries = 0; tries < mostRecoveries; tries++) {
      last = yield { at: from, isRecovery: true };
      if (last.is === 'violated') return 'lost';
      if (last.is !== 'failed') return 'failed';
    }
    // Why it is given up is told with the lowest load.
    if (last !== undefined) this.#note(from, last);
    if (last?.is === 'failed' && last.limit === 'generator') this.#isOwn = true;
    return 'lost';
  }
}

/** Whose limit slots of one load ran into: the generator's where it was that of half of them, as it then hides any other. */
const limitOf = (all: readonly (Limit | 'data')[]): Limit | 'data' | undefined => {
  const own = all.filter((limit) => limit === 'generator').length;
  return own > 0 && 2 * own >= all.length ? 'generator' : all.findLast((limit) => limit !== 'generator');
};

type Asked = 'kept' | 'undecided' | 'failed' | 'lost';
