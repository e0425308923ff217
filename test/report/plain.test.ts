import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, plain, widthOf, wrap } from '../../src/report/plain.ts';

test.each([
  ['a link', '\u001b]8;;http://evil.example\u0007text\u001b]8;;\u001b\\', 'text'],
  ['a colour', '\u001b[1;31mtext\u001b[0m', 'text'],
  ['a cursor movement in one byte', '\u009b2Atext', 'text'],
  ['a title in one byte', '\u009d0;title\u009ctext', 'text'],
  ['a reset', '\u001bctext', 'text'],
  ['a sequence inside a sequence', '\u001b\u001b[31m[31mtext', '[31mtext'],
  ['a command without an end', '\u001b]0;text', '0;text'],
  ['a turned direction', 'te\u202ext\u2066', 'text'],
  ['an invisible letter', 'te\u200bxt\ufeff', 'text'],
  ['a newline', 'a\r\nb\u2028c\td', 'a b c d'],
  ['half a character', 'a\ud800', 'a\ufffd'],
  ['a pile of marks', `a${'\u0300'.repeat(50)}`, 'a\u0300\u0300'],
])('%s is taken out', (_, text, rest) => {
  expect(plain(text, 80)).toBe(rest);
});

test('text from outside is one line without control characters, no wider than allowed', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('\u001b', '[', ']', '0', ';', 'm', 'é', '界', '\u0007', '\u009b', '\u202e', '\n', ' ', '🙂'),
  });
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 40 }), (text, most) => {
      const out = plain(text, most);
      expect(out).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(widthOf(out)).toBeLessThanOrEqual(most);
    }),
  );
});

test('a hundred thousand unfinished commands take no longer than they are long', () => {
  // Were it quadratic, this would run into the limit of the test.
  expect(plain('\u009d\u001b]\u001b['.repeat(100_000), 4)).toBe('[[[…');
});

test('wide letters take two columns and combining marks none', () => {
  expect(widthOf('ロック')).toBe(6);
  expect(widthOf('o\u0308')).toBe(1);
  expect(widthOf('a🙂')).toBe(3);
});

test('text that is too wide ends in an ellipsis', () => {
  expect(cut('optimistic', 10)).toBe('optimistic');
  expect(cut('optimistic', 9)).toBe('optimist…');
  expect(cut('界界界', 4)).toBe('界…');
});

test('text is broken at spaces, but not between a number and its unit', () => {
  expect(wrap('gains 40 % at 4.5 ms more', 9)).toEqual(['gains', '40 % at', '4.5 ms', 'more']);
});

test('a word that is wider than the line is broken', () => {
  expect(wrap('ab cdefgh', 3)).toEqual(['ab', 'cde', 'fgh']);
});
