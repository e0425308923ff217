/** The number below which a share of them lies (nearest rank). */
export const quantile = (numbers, share) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
};

/** The middle one; of an even number, the upper of the middle two. */
export const median = (numbers) => quantile(numbers, 0.5);

/** The middle one, and between which two the middle half lies. */
export const middleHalf = (numbers, digits) => {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(numbers, share).toFixed(digits));
  return `${middle} (${low} … ${high})`;
};

/** Rows of text as columns, the first flush left, the others flush right. */
export const printTable = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]),
    );
    process.stdout.write(`${cells.join('  ')}\n`);
  }
  process.stdout.write('\n');
};
