import { expect, test } from 'vitest';
import { fileNames, filesOf } from '../../src/report/index.ts';
import { exampleResult, invalid } from './example-result.ts';
import { hostileMarkup } from './hostile-markup.ts';

test('the names that are told before a run are those of the files after it', () => {
  for (const result of [exampleResult(), invalid(), hostileMarkup()]) {
    const names = filesOf(result).map(({ name }) => name);
    expect(fileNames(result.modes.map(({ name }) => name))).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('a reporter gives the same text for the same result', () => {
  expect(filesOf(exampleResult())).toEqual(filesOf(exampleResult()));
});
