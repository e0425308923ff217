import { describe, expect, test } from 'vitest';
import type { About } from '../../../src/core/history/about.ts';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import { encodeHistory, HistoryDecoder, HistoryFileError } from '../../../src/core/history/file.ts';
import type { History } from '../../../src/core/history/history.ts';

const history = (rows: number): History => {
  const builder = new HistoryBuilder();
  for (let n = 0; n < rows; n++) builder.append(builder.key('a'), n, 0, 0, n, n + 1, n, NaN, NaN);
  return builder.history();
};
const about: About = {
  mode: 'm',
  round: 2,
  model: 'counter',
  initial: { a: 1, b: 1541815603606036481n },
  final: { a: null },
};

const read = (bytes: Iterable<Uint8Array>): HistoryDecoder => {
  const decoder = new HistoryDecoder();
  for (const part of bytes) decoder.push(part);
  decoder.history();
  return decoder;
};

/** The same file with another text in its first line. */
const changed = (from: string, to: string): Buffer =>
  Buffer.from(
    Buffer.concat([...encodeHistory(history(1), about)])
      .toString('latin1')
      .replace(from, to),
    'latin1',
  );

describe('what a history file says of itself', () => {
  test.each([0, 1, 65_536 * 2 + 1])('is read again, with %i rows', (rows) => {
    expect(read(encodeHistory(history(rows), about)).about).toEqual(about);
  });

  test('is nothing where nobody has said anything', () => {
    expect(read(encodeHistory(history(1))).about).toBeUndefined();
  });

  test('has the values of 100,000 keys, whatever they are called', () => {
    const values = [...Array.from({ length: 100_000 }, (_, n) => [`/products/${n}`, n] as const), ['__proto__', 1]];
    const many = { ...about, initial: Object.fromEntries(values) as About['initial'] };
    const again = read(encodeHistory(history(1), many)).about!;
    expect(Object.entries(again.initial)).toEqual(Object.entries(many.initial));
  });

  test.each([
    ['"counter"', '5'],
    ['"initial":{"a":1,"b":1541815603606036481}', '"initial":[]'],
    ['"final":{"a":null}', '"last":{"a":null}'],
    ['"round":2', '"round":"2"'],
  ])('is refused where it is no such thing: %s as %s', (from, to) => {
    expect(() => read([changed(from, to)])).toThrow(HistoryFileError);
  });
});
