import type { ConnectionCounts } from '../../../core/recording/recording.ts';

/** One may be closed for any reason. */
const leastClosed = 2;

/** One or two requests are lost to chance. */
const leastLost = 3;

/** Of those that were sent on a connection once more, the share that may be lost to ends that nobody told. */
const riskyShare = 0.02;

/**
 * How long a target keeps its connections, as far as it does not tell: one that closes each after its first answer, or after so
 * many, is not sent another request on it, which would go nowhere.
 */
export class Keeping {
  #closed = 0;
  #answers = 0;
  #lost = 0;
  /** The fewest answers after which it closed one. */
  #fewest = Infinity;
  /** The most answers on one. */
  #most = 0;
  /** Answers on connections that had been answered on before. */
  #kept = 0;
  #isRefuted = false;
  #unclosed = 0;

  get counts(): Pick<ConnectionCounts, 'closed' | 'closedAnswers' | 'closedLost' | 'unclosed'> {
    const [isAlike, unclosed] = [this.#after > 0, this.#unclosed];
    return isAlike || this.#lost >= leastLost
      ? { closed: this.#closed, closedAnswers: isAlike ? this.#answers : 0, closedLost: this.#lost, unclosed }
      : { closed: 0, closedAnswers: 0, closedLost: 0, unclosed };
  }

  /** Whether it may be closed at once, which is known a turn of the event loop later: it has kept none yet, or requests were lost. */
  get isDoubtful(): boolean {
    return this.#most <= 1 || this.#lost > 0;
  }

  /** An answer came on a connection that was to stay open, the so many-th. */
  answered(count: number): void {
    if (count > this.#most) this.#most = count;
    if (count > 1) this.#kept++;
  }

  /** The target closed a connection after so many answers; `isLost`: when a request was sent on it. */
  closed(answers: number, isLost: boolean): void {
    this.#closed++;
    this.#answers += answers;
    this.#fewest = Math.min(this.#fewest, answers);
    if (isLost) this.#lost++;
  }

  /** An answer ended with its connection, and the target had not said that it ends. */
  unclosed(): void {
    this.#unclosed++;
  }

  /**
   * Whether a connection with so many answers is one that the target always has closed so far; or, for a request that may be
   * sent but once, one of which the target closes too many to try.
   */
  isSpent(answers: number, isIdempotent: boolean): boolean {
    if (this.#closed === 0 || answers === 0) return false;
    const after = this.#after;
    return (after > 0 && answers >= after) || (!isIdempotent && this.#isRisky());
  }

  /** One that it was to have closed stayed open. */
  refute(): void {
    this.#isRefuted = true;
  }

  #isRisky(): boolean {
    return !this.#isRefuted && this.#lost >= leastLost && this.#lost > riskyShare * (this.#lost + this.#kept);
  }

  /** After how many answers it closes; 0: after more or fewer. */
  get #after(): number {
    return this.#closed >= leastClosed && !this.#isRefuted && this.#fewest === this.#most ? this.#most : 0;
  }
}
