/**
 * P values as Holm adjusts them for being many (Holm 1979): rejecting those at or below alpha rejects a true one with a
 * probability of at most alpha, all of them together.
 *
 * @returns in the order of `ps`, 1 at most
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
