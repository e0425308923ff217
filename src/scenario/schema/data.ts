import { z } from 'zod';
import { pickSyntax } from '../../measure/data/syntax.ts';
import { changes } from './changes.ts';
import { choice } from './choice.ts';
import { branch, isMap } from './notation.ts';
import { range } from './values.ts';

const rangeShape = {
  range: range.describe('whole numbers, both ends included: 1..20'),
  pick: choice('pick', pickSyntax).describe('which of them an iteration gets').prefault('uniform'),
};

const fullRange = z.strictObject(rangeShape).transform(({ range, pick }) => ({ ...range, pick }));

const shortRange = range.transform((range) => ({ ...range, pick: { name: 'uniform', options: {} } }));

/** A variable of `data:`. */
export const variable = branch<typeof fullRange | typeof shortRange>([shortRange, fullRange], (input) =>
  isMap(input) ? fullRange : shortRange,
);

const rangeChange = z.strictObject(changes(rangeShape));

/** What a mode may change in a variable. */
export const variableChange = branch<typeof rangeChange | typeof shortRange>([shortRange, rangeChange], (input) =>
  isMap(input) ? rangeChange : shortRange,
);
