/**
 * Which of some changes were made, judging by the sum of those that were.
 *
 * With changes of one size only their number counts: the first are taken to be those that were made, as any others would do just as well.
 * With several sizes it is known only if all were made.
 *
 * @param amounts of the changes, each made once or not at all
 * @param sum of those that were made; NaN if not known
 * @returns the places of those that are known to have been made, including those of size 0, which change nothing
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
