import { cut, widthOf } from '../../plain.ts';

/** A label next to the end of a line, at its preferred place. */
export interface Label {
  readonly y: number;
  readonly text: string;
}

/** Places of labels below one another within the span: at least `gap` px apart, each as near as possible to its preferred place. */
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

/** About how many px a text of this size takes at most: no system font is wider. */
export const pxOf = (text: string, size = 12): number => widthOf(text) * size * 0.62;

/** The part of a text that fits into `px`. */
export const fitted = (text: string, px: number, size = 12): string =>
  cut(text, Math.max(2, Math.floor(px / (size * 0.62))));
