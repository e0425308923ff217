import type { ConnectionCounts } from '../../../core/recording/recording.ts';

/** A single one may be closed for any reason. */
const leastClosed = 2;

/** One or two lost requests may be chance. */
const leastLost = 3;

/** Of the requests on a reused connection, the share that may be lost to unannounced ends. */
const riskyShare = 0.02;

/**
 * How long a target keeps its connections, if it does not say. If it closes each after its first answer, or after a fixed
 * number, no further request is sent on it, as that would go nowhere.
 */
export class Keeping {
  #closed = 0;
  #answers = 0;
  #lost = 0;
  /** The fewest answers after which it closed one. */
  #fewest = Infinity;
  /** The most answers on one. */
  #most = 0;
  /** Answers on connections that had carried an answer before. */
  #kept = 0;
  #isRefuted = false;
  #unclosed = 0;

  get counts(): Pick<ConnectionCounts, 'closed' | 'closedAnswers' | 'closedLost' | 'unclosed'> {
    const [isAlike, unclosed] = [this.#after > 0, this.#unclosed];
    return isAlike || this.#lost >= leastLost
      ? { closed: this.#closed, closedAnswers: isAlike ? this.#answers : 0, closedLost: this.#lost, unclosed }
      : { closed: 0, closedAnswers: 0, closedLost: 0, unclosed };
  }

  /**
   * Whether it may be closed at once, which is only known a turn of the event loop later: none has been kept yet, or
   * requests were lost.
   */
  get isDoubtful(): boolean {
    return this.#most <= 1 || this.#lost > 0;
  }

  /** Answer number `count` came on a connection that was to stay open. */
  answered(count: number): void {
    if (count > this.#most) this.#most = count;
    if (count > 1) this.#kept++;
  }

  /** The target closed a connection after this many answers; `isLost`: a request was sent on it at that time. */
  closed(answers: number, isLost: boolean): void {
    this.#closed++;
    this.#answers += answers;
    this.#fewest = Math.min(this.#fewest, answers);
    if (isLost) this.#lost++;
  }

  /** An answer ended with its connection, and the target had not announced that end. */
  unclosed(): void {
    this.#unclosed++;
  }

  /**
   * Whether the target has so far always closed a connection after this many answers; or, for a request that may only be
   * sent once, whether it closes too many to try.
   */
  isSpent(answers: number, isIdempotent: boolean): boolean {
    if (this.#closed === 0 || answers === 0) return false;
    const after = this.#after;
    return (after > 0 && answers >= after) || (!isIdempotent && this.#isRisky());
  }

  /** A connection that was expected to be closed stayed open. */
  refute(): void {
    this.#isRefuted = true;
  }

  #isRisky(): boolean {
    return !this.#isRefuted && this.#lost >= leastLost && this.#lost > riskyShare * (this.#lost + this.#kept);
  }

  /** After how many answers it closes; 0 if that varies. */
  get #after(): number {
    return this.#closed >= leastClosed && !this.#isRefuted && this.#fewest === this.#most ? this.#most : 0;
  }
}
