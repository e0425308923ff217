import { firstWarmupIteration } from '../load/arrivals.ts';
import type { MakePick } from './pick.ts';
import type { UniqueShare } from './syntax.ts';

/**
 * No item twice in a run: every slot of every mode gets an equal share of the items, in their order, and part of that is for
 * the warm-up. -1 once the share is used up.
 */
export const unique: MakePick = (options, { size, slot: { round, firstIteration } }) => {
  const { mode, modes, rounds, iterations, warmup } = options as unknown as UniqueShare;
  const share = Math.floor(size / (modes * rounds));
  const measured = Math.min(share, iterations ?? share - Math.ceil(share * warmup));
  const first = (round * modes + mode) * share;
  return (iteration) => {
    if (iteration < firstWarmupIteration) {
      const place = iteration - firstIteration;
      return place < measured ? first + place : -1;
    }
    const place = iteration - firstWarmupIteration;
    // With no warm-up in the load, only the built-in store's own warm-up before the run gets here; it may use any item.
    if (warmup === 0) return share === 0 ? -1 : first + (place % share);
    return measured + place < share ? first + measured + place : -1;
  };
};
