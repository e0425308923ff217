import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/core/exact/parse.ts';
import { compileJsonPath } from '../../src/template/json-path.ts';

const body = parseJson(`{
  "wanted": 1541815603606036481,
  "items": [
    { "id": 7, "is": "small" },
    { "id": 1541815603606036480, "is": "one less", "of": [1541815603606036480] },
    { "id": 1541815603606036481, "is": "it", "of": [1541815603606036481] },
    { "id": 1541815603606036482, "is": "one more" },
    { "id": -1541815603606036481, "is": "below" },
    { "id": "1541815603606036481", "is": "text" },
    { "is": "none" }
  ]
}`);
const found = (filter: string): unknown => compileJsonPath(`$.items[?${filter}].is`)(body);

describe('a filter compares whole numbers beyond 2^53 digit for digit', () => {
  test.each([
    ['@.id == 1541815603606036481', 'it'],
    ['@.id == 1541815603606036482', 'one more'],
    ['@.id == -1541815603606036481', 'below'],
    ['@.id == "1541815603606036481"', 'text'],
    ['1541815603606036480 == @.id', 'one less'],
    ['@.id == 1541815603606036483', undefined],
    ['@.id > 1541815603606036481', 'one more'],
    ['@.id > 1541815603606036482', undefined],
    ['@.id >= 1541815603606036482', 'one more'],
    ['@.id >= 1541815603606036483', undefined],
    ['@.id > 7', 'one less'],
    ['@.id < 7', 'below'],
    ['@.id <= -1541815603606036481', 'below'],
    ['@.id < -1541815603606036481', undefined],
    ['@.id != 7 && @.id < 1541815603606036481', 'one less'],
    ['!(@.id != 1541815603606036481)', 'it'],
    // What is not there is no number, and different from all.
    ['@.id != 7 && !@.id', 'none'],
    ['@.id == $.wanted', 'it'],
    ['@.id == 15418156036060364.8e2', undefined],
    ['@.of[0] == $.wanted', 'it'],
    ['@.of[?@ == 1541815603606036481]', 'it'],
    ['value(@.of[?@ > 1541815603606036480]) == $.wanted', 'it'],
  ])('%s', (filter, is) => {
    expect(found(filter)).toBe(is);
  });

  test('and others as ever', () => {
    expect(found('@.id == 7')).toBe('small');
    expect(found('@.id == 7.0')).toBe('small');
    expect(found('@.is == "none"')).toBe('none');
    expect(found('length(@.is) > 5')).toBe('one less');
    // A value that has `nodes` itself is no list of nodes.
    const lists = { items: [{ of: { nodes: [{ value: 5 }] } }] };
    expect(compileJsonPath('$.items[?@.of == 5]')(lists)).toBeUndefined();
  });

  test('and what it finds has its digits', () => {
    expect(compileJsonPath('$.items[?@.id > 1541815603606036481].id')(body)).toBe(1541815603606036482n);
  });
});
