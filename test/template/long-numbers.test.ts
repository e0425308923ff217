import { describe, expect, test } from 'vitest';
import { compileJson, compileText, compileValue, type Lookup } from '../../src/template/compile.ts';
import { parseTemplate } from '../../src/template/parse.ts';

type Scope = { readonly [name: string]: unknown };
const lookup: Lookup<Scope> = (name, property) => (property === undefined ? (scope) => scope[name] : undefined);

const id = 1541815603606036481n;
const scope: Scope = {
  id,
  same: 1541815603606036481n,
  other: 1541815603606036482n,
  round: 1e18,
  small: 5,
  list: [id, { id }],
};
const value = (source: string): unknown => compileValue(parseTemplate(source), lookup)(scope);
const filled = <T>(text: string | ((scope: Scope) => T)): string | T => (typeof text === 'string' ? text : text(scope));

describe('a whole number beyond 2^53 in an expression', () => {
  test('is written digit for digit', () => {
    expect(filled(compileText(parseTemplate('/things/${id}?x=${-9007199254740993}'), lookup))).toBe(
      '/things/1541815603606036481?x=-9007199254740993',
    );
    expect(filled(compileJson({ id: '${id}', all: '${list}', text: 'n ${id}', fixed: id }, lookup))).toBe(
      '{"id":1541815603606036481,"all":[1541815603606036481,{"id":1541815603606036481}],"text":"n 1541815603606036481","fixed":1541815603606036481}',
    );
    expect(value('${"a" + id}')).toBe('a1541815603606036481');
    expect(value('${json(list)}')).toBe('[1541815603606036481,{"id":1541815603606036481}]');
    expect(value('${string(id)}')).toBe('1541815603606036481');
    expect(value('${join(split(string(id), "0"), "-")}')).toBe('15418156-36-6-36481');
    expect(value('${padStart(id, 21, 0)}')).toBe('001541815603606036481');
  });

  test.each([
    ['id == same', true],
    ['id == other', false],
    ['id != other', true],
    ['id === 1541815603606036481', true],
    ['id == 1541815603606036480', false],
    ['-9007199254740993 == number("-9007199254740993")', true],
    ['number("1541815603606036481") == id', true],
    ['number("1541815603606036481.0") == id', true],
    ['round == 1000000000000000000', true],
    ['round == 1000000000000000001', false],
    ['id == "1541815603606036481"', false],
    ['id < other', true],
    ['id >= other', false],
    ['small < id', true],
    ['id > 0.5', true],
    ['round < 1000000000000000001', true],
    ['-9007199254740993 < -9007199254740992', true],
    ['contains(list, same)', true],
    ['contains(list, other)', false],
    ['id ? 1 : 2', 1],
    ['id && small', 5],
    ['id ?? small', id],
  ])('is told apart and put in order exactly: %s', (source, expected) => {
    expect(value(`\${${source}}`)).toBe(expected);
  });

  test.each([
    'id + 1',
    '1 - id',
    'id * 2',
    'id / 2',
    'id % 10',
    '-id',
    '+id',
    'abs(id)',
    'round(id)',
    'max(id, 1)',
    '9007199254740993 + 1',
  ])('is refused by arithmetic: %s', (source) => {
    expect(() => value(`\${${source}}`)).toThrow('beyond 2^53: put it in quotes or count in smaller numbers');
  });

  test('is put in order beside numbers alone', () => {
    expect(() => value('${id < "2"}')).toThrow('"<" needs a number and was given "2"');
  });

  test('is a key of a map, as a number is', () => {
    expect(compileValue(parseTemplate('${map[id]}'), lookup)({ id, map: { '1541815603606036481': 'found' } })).toBe(
      'found',
    );
  });
});
