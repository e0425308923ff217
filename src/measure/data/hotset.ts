import type { MakePick } from './pick.ts';

/** The first `share` of the items (at least one) gets `hits` of the iterations, spread evenly; the other items get the rest. */
export const hotset: MakePick = (options, { size, random }) => {
  const { share, hits } = options as { readonly share: number; readonly hits: number };
  const hot = Math.min(size, Math.max(1, Math.round(size * share)));
  if (hot === size) return (iteration) => Math.floor(random(iteration) * size);
  return (iteration) => {
    const drawn = random(iteration);
    return drawn < hits
      ? Math.floor((drawn / hits) * hot)
      : hot + Math.floor(((drawn - hits) / (1 - hits)) * (size - hot));
  };
};
