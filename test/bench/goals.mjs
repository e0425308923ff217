import { printTable, threeDigits } from './figures.mjs';

/** A goal of at least or at most a value. A figure that is not a number was not measured. */
export const goal = (text, figure, is) => [
  text,
  threeDigits(figure),
  Number.isFinite(figure) ? (is(figure) ? 'met' : 'MISSED') : 'not measured',
];

/** Goals as a table. */
export const printGoals = (goals) => printTable([['goal', 'measured', ''], ...goals]);
