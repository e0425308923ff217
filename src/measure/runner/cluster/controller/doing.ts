import type { AgentNow } from '../../../../core/recording/agent-board.ts';

/** The last second counts, so that numbers do not flicker; a fifth of one says too little. */
const [spanUs, leastUs] = [1_000_000, 300_000];

/** What is known from an agent's beats. */
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

/** What an agent is doing, from its beats of the last second. */
export class Doing {
  #slot = 0;
  #looks: Look[] = [];

  /** Takes a beat that came at `atUs` of the run's clock. */
  take({ slot, histogram, cpuShare }: Beat, atUs: number): void {
    const completed = histogram.reduce((sum, count) => sum + count, 0);
    if (slot !== this.#slot) this.#looks = [];
    this.#slot = slot;
    this.#looks.push({ atUs, completed, cpuShare });
    while (this.#looks.length > 1 && atUs - this.#looks[1]!.atUs >= spanUs) this.#looks.shift();
  }

  /** NaN while it measures nothing, or has only just begun to. */
  get now(): Pick<AgentNow, 'perSecond' | 'cpuShare'> {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (first === undefined || last === undefined) return { perSecond: NaN, cpuShare: NaN };
    const us = last.atUs - first.atUs;
    // The first one's share is for the time before it.
    const shares = this.#looks.slice(this.#looks.length > 1 ? 1 : 0).map((look) => look.cpuShare);
    return {
      perSecond: this.#slot === 0 || us < leastUs ? NaN : Math.max(0, ((last.completed - first.completed) / us) * 1e6),
      cpuShare: shares.reduce((sum, one) => sum + one, 0) / shares.length,
    };
  }
}
