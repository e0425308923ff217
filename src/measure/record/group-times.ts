import type { Histogram } from '../../core/recording/histogram.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { End } from '../user.ts';

/** How long each of a mode's groups took, pass by pass. */
export class GroupTimes {
  readonly #groups: readonly { readonly name: string; readonly time: Histogram; unfinished: number }[];

  constructor(names: readonly string[], histogram: () => Histogram) {
    this.#groups = names.map((name) => ({ name, time: histogram(), unfinished: 0 }));
  }

  /** Counts one pass. One that ends in a conflict is not counted: the next try is another pass. */
  add(group: number, us: number, end: End): void {
    const counts = this.#groups[group]!;
    if (end === 'completed') counts.time.record(us);
    else if (end !== 'conflict') counts.unfinished++;
  }

  /** Gives the group times for the recording, or nothing without groups; frees the histograms. */
  finish(): Pick<Recording, 'groups'> {
    if (this.#groups.length === 0) return {};
    const groups = this.#groups.map(({ name, time, unfinished }) => {
      const times = time.toTimes();
      time.free();
      return [name, { time: times, unfinished }] as const;
    });
    return { groups: Object.fromEntries(groups) };
  }
}
