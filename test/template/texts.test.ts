import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { parseTemplate } from '../../src/template/parse.ts';
import { textsOf } from '../../src/template/texts.ts';

type Data = { readonly [name: string]: readonly Json[] };

const texts = (template: string, data: Data, most?: number): readonly string[] | undefined => {
  const found = textsOf(
    parseTemplate(template),
    (name) => ({ size: data[name]!.length, at: (index) => data[name]![index]! }),
    most,
  );
  return found === undefined ? undefined : [...found];
};

const pays = Array.from({ length: 1000 }, (_, row) => ({ from: `a${row % 3}`, to: `b${row % 2}`, row }));

test('are all that a template gives, each once, in the order of the values', () => {
  expect(texts('fixed', {})).toEqual(['fixed']);
  expect(texts('/${k}', { k: [3, 1, 3, 2] })).toEqual(['/3', '/1', '/2']);
  expect(texts('${pay.from}', { pay: pays })).toEqual(['a0', 'a1', 'a2']);
  expect(texts('${pay.from}-${pay.to}', { pay: pays })).toHaveLength(6);
  expect(texts('${a}${b}', { a: ['x', 'xy'], b: ['z', 'yz'] })).toEqual(['xz', 'xyz', 'xyyz']);
  expect(texts('${a + b}', { a: [1, 2], b: [1, 2] })).toEqual(['2', '3', '4']);
});

test('leave out values that have none', () => {
  expect(texts('${pay.from}', { pay: [{ from: 'a' }, {}, { from: null }] })).toEqual(['a']);
});

test('are given up where there are more than wanted: rows that give the same are no more', () => {
  expect(texts('${pay.from}', { pay: pays }, 3)).toHaveLength(3);
  expect(texts('${pay.from}', { pay: pays }, 2)).toBeUndefined();
  expect(texts('${pay.from}-${k}', { pay: pays, k: [1, 2] }, 6)).toHaveLength(6);
  expect(texts('${pay.row}-${k}', { pay: pays, k: [1, 2] }, 1999)).toBeUndefined();
});

test('are those of all combinations, tried one by one', () => {
  const row = fc.record({ x: fc.integer({ min: 0, max: 3 }), y: fc.constantFrom('p', 'q', 'pq') });
  const templates = ['${a.x}', '${a.y}/${b.y}', '${a.y}${b.y}', '${a.x + b.x}', '${a.x}-${a.y}-${b.x * 2}', '${b.x}'];
  fc.assert(
    fc.property(
      fc.constantFrom(...templates),
      fc.array(row, { minLength: 1 }),
      fc.array(row, { minLength: 1 }),
      (template, a, b) => {
        const byHand = a.flatMap((one) => b.flatMap((two) => texts(template, { a: [one], b: [two] })!));
        expect(new Set(texts(template, { a, b }))).toEqual(new Set(byHand));
      },
    ),
  );
});
