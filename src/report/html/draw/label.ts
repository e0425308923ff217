import { cut, widthOf } from '../../plain.ts';

/** A label beside the end of a line, where it would like to stand. */
export interface Label {
  readonly y: number;
  readonly text: string;
}

/** Labels below one another, none nearer to the next than `gap` px, each as near to its place as that allows; within the span. */
export const spread = (
  labels: readonly Label[],
  gap: number,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] => {
  const order = labels.map((_, at) => at).toSorted((a, b) => labels[a]!.y - labels[b]!.y);
  const places = labels.map(() => 0);
  let least = from;
  for (const at of order) {
    places[at] = Math.max(least, labels[at]!.y);
    least = places[at] + gap;
  }
  let most = to;
  for (const at of order.toReversed()) {
    places[at] = Math.min(most, places[at]!);
    most = places[at] - gap;
  }
  return places;
};

/** About how many px a text of this size takes at most: a system's own letters are no wider. */
export const pxOf = (text: string, size = 12): number => widthOf(text) * size * 0.62;

/** As much of a text as so many px hold. */
export const fitted = (text: string, px: number, size = 12): string =>
  cut(text, Math.max(2, Math.floor(px / (size * 0.62))));
