/**
 * Which of some changes were made, by the sum of those that were.
 *
 * Of changes of one size it is their number that counts: the first are taken to be those that were made, and any others would
 * do as well. Of several sizes it is known only where all were made.
 *
 * @param amounts of the changes, of which each was made once or not at all
 * @param sum of those that were made; NaN: not known
 * @returns the places of those that are known to have been made; what has no size changes nothing, and is among them
 */
export const appliedOf = (amounts: readonly number[], sum: number): readonly number[] => {
  const all = [...amounts.keys()];
  const sized = all.filter((at) => amounts[at] !== 0);
  const idle = all.filter((at) => amounts[at] === 0);
  const sizes = new Set(sized.map((at) => amounts[at]!));
  const [size] = sizes;
  if (size === undefined || Number.isNaN(sum)) return idle;
  if (sizes.size === 1) {
    const count = sum / size;
    return Number.isInteger(count) && count >= 0 && count <= sized.length ? [...idle, ...sized.slice(0, count)] : idle;
  }
  const total = sized.reduce((whole, at) => whole + amounts[at]!, 0);
  const areAlike = sized.every((at) => amounts[at]! > 0) || sized.every((at) => amounts[at]! < 0);
  return areAlike && sum === total ? all : idle;
};
