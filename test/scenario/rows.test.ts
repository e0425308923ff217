import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import type { ReadBeside } from '../../src/core/host.ts';
import { rowsOf, type Table } from '../../src/core/table.ts';
import { readCsv, type CsvOptions } from '../../src/scenario/rows/csv.ts';
import { readJson, readNdjson } from '../../src/scenario/rows/json.ts';
import { linesOf, planOf, read } from './reading.ts';

const rowsIn = (table: Table | string): unknown => {
  if (typeof table === 'string') return table;
  const at = rowsOf(table);
  return Array.from({ length: table.rows }, (_, row) => at(row));
};
const csv = (text: string, options: CsvOptions = {}): unknown => rowsIn(readCsv(text, options));

/** Files that lie beside the scenario. */
const beside =
  (files: { readonly [path: string]: string }): ReadBeside =>
  (path) => {
    const text = files[path];
    return text === undefined ? { refused: 'there is no such file' } : { text };
  };

test('JSON and NDJSON have whole numbers beyond 2^53 digit for digit', () => {
  const rows = [{ id: 1541815603606036481n, of: [-9007199254740993n, { n: 1 }] }, { id: 5 }];
  const lines = ['{"id":1541815603606036481,"of":[-9007199254740993,{"n":1}]}', '{"id":5.0}'];
  expect(rowsIn(readJson(`[${lines.join(',')}]`))).toEqual(rows);
  expect(rowsIn(readNdjson(lines.join('\n')))).toEqual(rows);
});

describe('a CSV file', () => {
  test('gives a map for each row, its columns typed by all their values', () => {
    expect(csv('id,name,zip,vip,score\n1,"Ann, A.",01234,true,1.5\n2,Bob,12345,false,-2e3\n')).toEqual([
      { id: 1, name: 'Ann, A.', zip: '01234', vip: true, score: 1.5 },
      { id: 2, name: 'Bob', zip: '12345', vip: false, score: -2000 },
    ]);
  });

  test('lets nothing be where a value is empty, but text', () => {
    expect(csv('id,age,nick\n1,,\n2,30,x\n')).toEqual([
      { id: 1, nick: '' },
      { id: 2, age: 30, nick: 'x' },
    ]);
  });

  test('has numbers beyond 2^53 in a column that is said to hold numbers', () => {
    const columns = { id: 'number' } as const;
    expect(csv('id,n\n1541815603606036481,1\n-9007199254740993,2\n5.0,3\n', { columns })).toEqual([
      { id: 1541815603606036481n, n: 1 },
      { id: -9007199254740993n, n: 2 },
      { id: 5, n: 3 },
    ]);
  });

  test('keeps identifiers that are too long for a number', () => {
    expect(csv('card\n4000123412341234567\n')).toEqual([{ card: '4000123412341234567' }]);
  });

  test('may say what a column is, and what separates values', () => {
    expect(csv('id;n\n1;2\n', { delimiter: ';', columns: { id: 'text' } })).toEqual([{ id: '1', n: 2 }]);
  });

  test.each<[text: string, problem: string, options?: CsvOptions]>([
    ['a,b\n', 'it has no rows below its header'],
    ['', 'it has no rows below its header'],
    ['a,b\n1,2\n3\n', 'row 2 has 1 values, the first line 2'],
    ['a,b\n1,2,3\n', 'row 1 has 3 values, the first line 2'],
    ['a,a\n1,2\n', 'two columns are called "a"'],
    ['a,\n1,2\n', 'column 2 has no name in the first line'],
    ['a,__proto__\n1,2\n', 'no column may be called "__proto__"'],
    ['a\nx\n', 'row 1: "x" in column "a" is not a number', { columns: { a: 'number' } }],
    ['a\n1\n', 'it has no column "b"; its columns are a', { columns: { b: 'text' } }],
    ['a\n"x\n', 'row 1: Quoted field unterminated'],
  ])('%j: %s', (text, problem, options = {}) => expect(csv(text, options)).toBe(problem));

  test('gives back every text that was written as CSV', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', ',', '"', '\n', '\r', ' ', '1', '\\') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (cells) => {
        const text = Papa.unparse([['first', 'second'], ...cells.map(([a, b]) => [`x${a}`, b])]);
        expect(csv(text, { columns: { second: 'text' } })).toEqual(
          cells.map(([first, second]) => ({ first: `x${first}`, second })),
        );
      }),
    );
  });
});

describe('JSON and NDJSON files', () => {
  test('give their rows as they are', () => {
    expect(rowsIn(readJson('[{"id":1,"tags":["a"]},"x",null]'))).toEqual([{ id: 1, tags: ['a'] }, 'x', null]);
    expect(rowsIn(readNdjson('{"id":1}\n\n{"id":"é"}\r\n'))).toEqual([{ id: 1 }, { id: 'é' }]);
  });

  test('say what is wrong with them', () => {
    expect(readJson('{"a":1}')).toBe('it is not a list, whose items would be the rows');
    expect(readJson('[]')).toBe('it has no rows');
    expect(readJson('[1,')).toMatch(/JSON/);
    expect(readNdjson('{"a":1}\n{b}\n')).toMatch(/^line 2: .*JSON/);
  });
});

describe('a scenario that reads files', () => {
  const steps = (path: string, ...more: string[]): string =>
    ['target: http://x', 'data:', '  user: { file: users.csv }', ...more, `steps: [{ get: "${path}" }]`, ''].join('\n');
  const readBeside = beside({ 'users.csv': 'id,name\n1,ann\n2,bob\n', 'more.json': '[{"sku":"a"},{"sku":"b","n":1}]' });

  test('has the name of a table in its plan, and the table beside it', () => {
    const result = read(steps('/${user.id}'), { readBeside });
    if (!('plan' in result)) throw new Error('a plan was expected');
    expect(result.plan.modes[0].data).toEqual({
      user: {
        name: 'file',
        options: { file: 'users.csv', table: 'users.csv' },
        pick: { name: 'uniform', options: {} },
      },
    });
    expect(rowsIn(result.tables['users.csv']!)).toEqual([
      { id: 1, name: 'ann' },
      { id: 2, name: 'bob' },
    ]);
    expect(JSON.stringify(result.plan)).not.toContain('bob');
  });

  test('knows its columns and keys', () => {
    expect(linesOf(steps('/${user.nmae}/${item.skv}', '  item: { file: more.json }'), { readBeside })).toEqual([
      'shop.yaml:5:20 "user" has no "nmae" (did you mean "name"?)',
      'shop.yaml:5:33 "item" has no "skv" (did you mean "sku"?)',
    ]);
  });

  test('is refused where a file is not what it takes it for', () => {
    const files = beside({ 'users.csv': 'id\n1,2\n', 'rows.txt': 'a\n1\n', 'rows.json': '[1]' });
    const data = [
      '  a: { file: none.csv }',
      '  b: { file: rows.txt }',
      '  c: { file: ../users.csv }',
      '  d: { file: rows.json, delimiter: ";" }',
      '  e: { file: rows.txt, format: csv, pick: unique }',
    ];
    expect(linesOf(steps('/', ...data.slice(0, 2), ...data.slice(3, 4)), { readBeside: files })).toEqual([
      'shop.yaml:3:17 "users.csv": row 1 has 2 values, the first line 1',
      'shop.yaml:4:14 "none.csv" cannot be read: there is no such file',
      'shop.yaml:5:14 "rows.txt" has an unknown format: name it .csv, .tsv, .json, .ndjson or .jsonl, or say its format',
      'shop.yaml:6:14 "rows.json" is not a CSV file: only those have a delimiter and columns',
    ]);
    expect(linesOf(steps('/', data[2]!), { readBeside: files })).toEqual([
      'shop.yaml:4:14 a file lies in the folder of the scenario, or below it (such as data/users.csv)',
    ]);
    expect(
      linesOf(steps('/', data[4]!, 'rounds: 2', 'load: { iterations: 10 }').replace('users.csv', 'rows.json'), {
        readBeside: files,
      }),
    ).toEqual([
      'shop.yaml:4:43 "unique" needs 10 items, "e" has 1: 1 × 2 slots (modes × rounds) take at least 5 each (more items, or fewer iterations, rounds or modes)',
    ]);
  });

  test('may be checked without its files, as far as that goes', () => {
    expect(linesOf(steps('/${user.nmae}'))).toEqual([]);
  });

  test('shares unique items out over all its modes and rounds', () => {
    const text = steps('/${user.id}', 'rounds: 1', 'load: { iterations: 1 }', 'modes: { a: none, b: mutex }');
    const plan = planOf(text.replace('users.csv }', 'users.csv, pick: unique }'), { readBeside });
    expect(plan.modes.map(({ data }) => data['user']!.pick)).toEqual(
      [0, 1].map((mode) => ({ name: 'unique', options: { mode, modes: 2, rounds: 1, iterations: 1, warmup: 0 } })),
    );
  });
});
