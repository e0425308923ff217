import type { AgentNow } from '../../../../core/recording/agent-board.ts';

/** A second is looked at, so that numbers do not flicker; a fifth of one says too little. */
const [spanUs, leastUs] = [1_000_000, 300_000];

/** What is known of the beats of an agent. */
export interface Beat {
  readonly slot: number;
  readonly failed: number;
  readonly histogram: readonly number[];
  readonly cpuShare: number;
}

interface Look {
  readonly atUs: number;
  readonly completed: number;
  readonly cpuShare: number;
}

/** What an agent does, by its beats of the last second. */
export class Doing {
  #slot = 0;
  #looks: Look[] = [];

  /** Takes a beat, at a moment of the run's clock. */
  take({ slot, histogram, cpuShare }: Beat, atUs: number): void {
    const completed = histogram.reduce((sum, count) => sum + count, 0);
    if (slot !== this.#slot) this.#looks = [];
    this.#slot = slot;
    this.#looks.push({ atUs, completed, cpuShare });
    while (this.#looks.length > 1 && atUs - this.#looks[1]!.atUs >= spanUs) this.#looks.shift();
  }

  /** NaN where it measures nothing, or has only begun to. */
  get now(): Pick<AgentNow, 'perSecond' | 'cpuShare'> {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (first === undefined || last === undefined) return { perSecond: NaN, cpuShare: NaN };
    const us = last.atUs - first.atUs;
    // That of the first one is of the time before it.
    const shares = this.#looks.slice(this.#looks.length > 1 ? 1 : 0).map((look) => look.cpuShare);
    return {
      perSecond: this.#slot === 0 || us < leastUs ? NaN : Math.max(0, ((last.completed - first.completed) / us) * 1e6),
      cpuShare: shares.reduce((sum, one) => sum + one, 0) / shares.length,
    };
  }
}
