import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfOctets } from '../../../../src/core/octets.ts';
import { headText } from '../../../../src/measure/transport/wire/head-text.ts';

const characters = (of: string, maxLength: number, minLength = 0) =>
  fc.array(fc.constantFrom(...of.split('')), { minLength, maxLength }).map((all) => all.join(''));
const name = characters("abcXYZ0-_!~'", 12, 1);
const inner = characters('a:Z \t\xe9\xc3\xa9"', 12).map((text) => text.replace(/^[ \t]+|[ \t]+$/gu, ''));
const blanks = characters(' \t', 3);

test('the headers of a head have lower-case names, and values without the blanks around them, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, blanks, inner, blanks), { maxLength: 6 }), fc.nat(5000), (headers, longest) => {
      const all = [...headers, ['x', '', 'y'.repeat(longest), ''] as const];
      const lines = all.map(([of, before, value, behind]) => `\r\n${of}:${before}${value}${behind}`).join('');
      const bytes = Buffer.from(`HTTP/1.1 200 OK${lines}\r\n\r\n`, 'latin1');
      const expected = all.map(([of, , value]) => `\r\n${of.toLowerCase()}: ${value}`).join('');
      expect(headText(bytes, 15, 15 + lines.length)).toBe(textOfOctets(expected));
    }),
  );
  expect(headText(Buffer.from('HTTP/1.1 204\r\n\r\n'), 12, 12)).toBe('');
});
