import type { FailureClass } from '../../core/recording/failure.ts';
import type { FailureCount, Recording } from '../../core/recording/recording.ts';
import type { End, User } from '../user.ts';

/** Failures of waiting: there was no refusal and no answer. */
const waiting: ReadonlySet<FailureClass> = new Set(['timeout', 'connect', 'lock']);

/**
 * Iterations of the warm-up that were still under way when the measured part began, and then failed: their users were
 * missing in it, and no other count has them.
 */
export class HungCount {
  readonly #byClass = new Map<FailureClass, FailureCount>();

  /** Counts an iteration of the warm-up that ended in the measured part or after it. */
  add(user: User, end: End): void {
    const isInterrupted = end === 'interrupted';
    if (!isInterrupted && (end !== 'failed' || !waiting.has(user.failure))) return;
    const name = isInterrupted ? 'aborted' : user.failure;
    const text = isInterrupted ? 'still under way when the drain was over' : user.failureText;
    const { count, example } = this.#byClass.get(name) ?? { count: 0, example: undefined };
    const isFirst = example === undefined || user.iteration < example.iteration;
    this.#byClass.set(name, {
      count: count + 1,
      example: isFirst ? { iteration: user.iteration, text } : example,
    });
  }

  /** What was counted, as it goes into a recording. */
  finish(): Pick<Recording, 'hung'> {
    return this.#byClass.size === 0 ? {} : { hung: Object.fromEntries(this.#byClass) };
  }
}
