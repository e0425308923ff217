/**
 * P values adjusted for their number (Holm 1979): if those at or below alpha are rejected, the probability of rejecting any true one is at
 * most alpha.
 *
 * @returns in the order of `ps`, at most 1
 */
export const holm = (ps: readonly number[]): readonly number[] => {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = Array.from({ length: ps.length }, () => 1);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[at]!));
    adjusted[at] = largest;
  });
  return adjusted;
};
