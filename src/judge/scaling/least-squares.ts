/**
 * The coefficients of a weighted linear least squares fit; `undefined` if the columns do not tell them apart.
 *
 * Columns are first scaled to length 1, so that 1 and N² are of similar size. Meant for at most three columns.
 *
 * @param rows of the design, one for each observation
 * @param weights above 0
 */
export const leastSquares = (
  rows: readonly (readonly number[])[],
  observed: readonly number[],
  weights: readonly number[],
): readonly number[] | undefined => {
  const columns = rows[0]?.map((_, column) => column) ?? [];
  const over = (of: (row: readonly number[], at: number) => number): number =>
    rows.reduce((sum, row, at) => sum + weights[at]! * of(row, at), 0);
  const scales = columns.map((column) => Math.sqrt(over((row) => row[column]! ** 2)) || 1);
  const found = solved(
    columns.map((one) => [
      ...columns.map((other) => over((row) => row[one]! * row[other]!) / scales[one]! / scales[other]!),
      over((row, at) => row[one]! * observed[at]!) / scales[one]!,
    ]),
  );
  return found?.map((value, column) => value / scales[column]!);
};

/**
 * The solution of linear equations, each with its right side last, by elimination with pivots; `undefined` if there is no unique solution.
 */
const solved = (equations: number[][]): readonly number[] | undefined => {
  const size = equations.length;
  for (let step = 0; step < size; step++) {
    let pivot = step;
    for (let row = step + 1; row < size; row++)
      if (Math.abs(equations[row]![step]!) > Math.abs(equations[pivot]![step]!)) pivot = row;
    if (!(Math.abs(equations[pivot]![step]!) > Number.MIN_VALUE)) return undefined;
    [equations[step], equations[pivot]] = [equations[pivot]!, equations[step]!];
    for (let row = step + 1; row < size; row++) {
      const factor = equations[row]![step]! / equations[step]![step]!;
      for (let column = step; column <= size; column++) equations[row]![column]! -= factor * equations[step]![column]!;
    }
  }
  const values = Array.from({ length: size }, () => 0);
  for (let row = size - 1; row >= 0; row--) {
    let rest = equations[row]![size]!;
    for (let column = row + 1; column < size; column++) rest -= equations[row]![column]! * values[column]!;
    values[row] = rest / equations[row]![row]!;
  }
  return values;
};
