/** The number below which a share of the numbers lies (nearest rank). */
export const quantile = (numbers, share) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
};

/** The median; of an even number of values, the upper of the middle two. */
export const median = (numbers) => quantile(numbers, 0.5);

/** The median of the values that are numbers. `undefined` if none is. */
export const medianOfSome = (numbers) => median(numbers.filter((number) => Number.isFinite(number)));

/** The median, and the bounds of the middle half. */
export const middleHalf = (numbers, digits) => {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(numbers, share).toFixed(digits));
  return `${middle} (${low} … ${high})`;
};

/** A number for a table; – if there is none. */
export const cell = (number, digits = 0) => (Number.isFinite(number) ? number.toFixed(digits) : '–');

/** A whole number for a table, with thousands separators. */
export const whole = (number) => (Number.isFinite(number) ? Math.round(number).toLocaleString('en') : '–');

/** Three significant digits, without zeros that were not measured. */
export const threeDigits = (number) => (Number.isFinite(number) ? String(Number(number.toPrecision(3))) : '–');

const markdown = process.argv.includes('--markdown');

/** Rows of text in columns, the first aligned left, the others right. With `--markdown`, a table for a page. */
export const printTable = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row) =>
    row.map((text, at) => (at === 0 ? String(text).padEnd(widths[at]) : String(text).padStart(widths[at])));
  const print = (cells) => process.stdout.write(markdown ? `| ${cells.join(' | ')} |\n` : `${cells.join('  ')}\n`);
  rows.forEach((row, at) => {
    print(line(row));
    if (markdown && at === 0) print(widths.map((width, column) => '-'.repeat(width - 1) + (column === 0 ? '-' : ':')));
  });
  process.stdout.write('\n');
};

/** A heading above what follows. */
export const printHeading = (text) => process.stdout.write(markdown ? `### ${text}\n\n` : `${text}\n\n`);

/** Sentences below a table, one per line. */
export const printNotes = (notes) => {
  for (const note of notes) process.stdout.write(markdown ? `- ${note}\n` : `${note}\n`);
  if (notes.length > 0) process.stdout.write('\n');
};
