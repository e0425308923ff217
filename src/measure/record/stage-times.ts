import type { Histogram } from '../../core/recording/histogram.ts';
import type { Stage } from '../../core/plan/plan.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { End } from '../user.ts';

/** What became of the iterations of each stage of a load: those due in it, whenever they ended. */
export class StageTimes {
  readonly #window: { readonly fromUs: number };
  /** When each stage ends, in µs since the window opened. */
  readonly #endsUs: readonly number[];
  readonly #stages: readonly { readonly response: Histogram; completed: number; failed: number; dropped: number }[];

  /** @param window the recorder's own: set when the slot begins */
  constructor(stages: readonly Stage[], window: { readonly fromUs: number }, histogram: () => Histogram) {
    let endUs = 0;
    this.#window = window;
    this.#endsUs = stages.map(({ durationUs }) => (endUs += durationUs));
    this.#stages = stages.map(() => ({ response: histogram(), completed: 0, failed: 0, dropped: 0 }));
  }

  /** Counts a measured iteration. `isTimed`: it has a response time. */
  add(intendedUs: number, endedUs: number, end: End, isTimed: boolean): void {
    const stage = this.#at(intendedUs);
    if (end === 'completed') stage.completed++;
    else if (end === 'failed') stage.failed++;
    if (isTimed) stage.response.record(endedUs - intendedUs);
  }

  /** Counts an arrival that no user took. */
  dropped(dueUs: number): void {
    this.#at(dueUs).dropped++;
  }

  /** Gives the stages for the recording; frees the histograms. */
  finish(): Pick<Recording, 'stages'> {
    return {
      stages: this.#stages.map(({ response, ...counts }) => {
        const times = response.toTimes();
        response.free();
        return { ...counts, response: times };
      }),
    };
  }

  /** There are few stages: a linear search is cheapest. */
  #at(us: number) {
    const sinceUs = us - this.#window.fromUs;
    let at = 0;
    while (at < this.#endsUs.length - 1 && sinceUs >= this.#endsUs[at]!) at++;
    return this.#stages[at]!;
  }
}
