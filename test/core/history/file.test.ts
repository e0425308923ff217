import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import { columnNames, columnTypes } from '../../../src/core/history/columns.ts';
import { decodeHistory, encodeBlock, encodeHistory, HistoryFileError } from '../../../src/core/history/file.ts';
import { rowsByKey } from '../../../src/core/history/rows.ts';
import { absent, firstName, nothing, valueOf } from '../../../src/core/history/history.ts';
import type { History } from '../../../src/core/history/history.ts';
import { canonicalJson } from '../../../src/core/exact/write.ts';

const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, -Infinity, Infinity, -0));
const row = fc.record({
  key: fc.constantFrom('a', 'b', 'ключ\n', ''),
  session: fc.nat(2 ** 32 - 1),
  f: fc.nat(10),
  status: fc.nat(2),
  call: fc.nat(),
  ret: number,
  value: fc.oneof(number, fc.string()),
  operand: number,
  version: number,
});

const append = (builder: HistoryBuilder, one: typeof row extends fc.Arbitrary<infer T> ? T : never): void =>
  builder.append(
    builder.key(one.key),
    one.session,
    one.f,
    one.status,
    one.call,
    one.ret,
    typeof one.value === 'string' ? builder.value(one.value) : one.value,
    one.operand,
    one.version,
  );

const built = (length: number): History => {
  const builder = new HistoryBuilder();
  for (let n = 0; n < length; n++) builder.append(builder.key(`k${n % 3}`), n % 64, 0, 0, n, n + 1, n, NaN, n);
  return builder.history();
};

const bytesOf = (history: History): Buffer => Buffer.concat([...encodeHistory(history)]);

/** The bytes in parts of that length. */
const inParts = (bytes: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) => bytes.subarray(at * length, (at + 1) * length));

const errorOf = (parts: Iterable<Uint8Array>): string => {
  try {
    decodeHistory(parts);
  } catch (error) {
    if (error instanceof HistoryFileError) return error.message;
    throw error;
  }
  return '';
};

describe('a history builder', () => {
  test('gives every row in its place, over many chunks, and then has none', () => {
    const builder = new HistoryBuilder();
    for (let n = 0; n < 200_000; n++) builder.append(builder.key('k'), n, 1, 2, n, n + 1, n, -n, n / 2);
    expect(builder.length).toBe(200_000);
    const history = builder.history();
    expect([history.length, ...columnNames.map((name) => history[name].length)]).toEqual(Array(10).fill(200_000));
    expect(history.session.every((session, n) => session === n && history.version[n] === n / 2)).toBe(true);
    expect([builder.length, builder.history().length]).toEqual([0, 0]);
  });

  test('gives a key one place', () => {
    const builder = new HistoryBuilder();
    expect([builder.key('a'), builder.key('b'), builder.key('a')]).toEqual([0, 1, 0]);
    expect(builder.history().keys).toEqual(['a', 'b']);
  });

  test('gives a number itself, and whatever else JSON has a number that stands for it', () => {
    const builder = new HistoryBuilder();
    expect([undefined, null, 5, -3.5].map((value) => builder.value(value))).toEqual([absent, nothing, 5, -3.5]);
    const [x, y] = [builder.value('x'), builder.value({ y: [1] })];
    expect([x, y, builder.value('x')]).toEqual([firstName, firstName - 1, firstName]);
    expect(builder.history().names).toEqual(['"x"', '{"y":[1]}']);
  });

  test('tells values apart as JSON does, whatever the order of keys, and they can be read again', () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, 1e300, -1e300, firstName, firstName + 1, '1', 1, true),
    );
    fc.assert(
      fc.property(fc.array(values), (all) => {
        const builder = new HistoryBuilder();
        const numbers = all.map((value) => builder.value(value));
        const history = builder.history();
        const texts = all.map(canonicalJson);
        expect(numbers.map((number) => canonicalJson(valueOf(history, number)))).toEqual(texts);
        expect(new Set(numbers.map(String)).size).toBe(new Set(texts).size);
      }),
    );
  });
});

describe('the rows of a key', () => {
  test('are all of them, in their order, and none of another', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), (keys) => {
        const builder = new HistoryBuilder();
        for (const key of keys) builder.append(builder.key(String(key)), 0, 0, 0, 0, 0, 0, 0, 0);
        const history = builder.history();
        const expected = history.keys.map((key) => keys.flatMap((one, at) => (String(one) === key ? [at] : [])));
        expect(rowsByKey(history).map((rows) => [...rows])).toEqual(expected);
      }),
    );
  });
});

const shape = JSON.stringify(Object.fromEntries(columnNames.map((name) => [name, columnTypes[name].name])));

describe('a history file', () => {
  test('gives back what was written, in whatever parts it is read and in whatever blocks it was written', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), fc.integer({ min: 1, max: 400 }), (some, others, length) => {
        const whole = new HistoryBuilder();
        for (const one of [...some, ...others]) append(whole, one);
        const history = whole.history();
        expect(decodeHistory(inParts(bytesOf(history), length))).toEqual(history);
        const pieces = new HistoryBuilder();
        const blocks = [some, others].map((part) => {
          for (const one of part) append(pieces, one);
          return Buffer.concat([...encodeBlock(pieces.take())]);
        });
        expect(decodeHistory(blocks)).toEqual(history);
      }),
    );
  });

  test('of more rows than a block has is the same again', () => {
    const bytes = bytesOf(built(140_000));
    const again = decodeHistory([bytes]);
    expect(again.length).toBe(140_000);
    expect(bytesOf(again).equals(bytes)).toBe(true);
  });

  test('that was cut off says so, wherever', () => {
    const bytes = bytesOf(built(3));
    for (let length = 1; length < bytes.length; length++)
      expect(errorOf([bytes.subarray(0, length)])).toMatch(/^the block at byte 0 is cut off/u);
    expect(errorOf([bytes.subarray(0, -1)])).toBe('the block at byte 0 is cut off: 1 bytes of its 3 rows are missing');
    expect(errorOf([])).toBe('is empty; a history has at least a line of JSON');
  });

  test('in whose columns a bit was turned is refused', () => {
    const bytes = bytesOf(built(3));
    for (let at = bytes.indexOf(10) + 1; at < bytes.length; at++) {
      const wrong = Uint8Array.from(bytes);
      wrong[at]! ^= 4;
      expect(errorOf([wrong])).toBe('the block at byte 0 was changed: its checksum differs');
    }
  });

  test.each([
    ['hello\n', 'does not begin with a line of JSON: this is not a history file, or it was changed'],
    ['null\n', 'is not a history: its head has no "contendHistory"'],
    ['{"contendHistory":3}\n', 'is of version 3; this contend reads versions 1 and 2'],
    [
      `{"contendHistory":2,"machine":{"agent":-1,"epsilonNs":0},"rows":0,"keys":[],"names":[],"sum":0,"columns":${shape}}\n`,
      'has a "machine" without "agent" or "epsilonNs"',
    ],
    ['{"contendHistory":1,"rows":-1}\n', 'has a head without "rows", "keys", "names" or "sum"'],
    [
      '{"contendHistory":1,"rows":0,"keys":[],"names":[],"sum":0,"columns":{}}\n',
      `has other columns than ${columnNames.join(', ')}`,
    ],
  ])('that is something else, %j, is told what it is', (text, message) => {
    expect(errorOf([new TextEncoder().encode(text)])).toBe(`the block at byte 0 ${message}`);
  });

  test('with a key that there is not is refused by its row', () => {
    const history = { ...built(3), keys: ['k0'] };
    expect(errorOf(encodeHistory(history))).toBe('the block at byte 0 has a row, 1, with an unknown key or operation');
  });
});
