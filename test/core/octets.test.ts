import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asLatin1,
  isAscii,
  octetsOf,
  percentEncoded,
  textOfOctets,
  withEncodedHalves,
  writable,
} from '../../src/core/octets.ts';

const textOf = (bytes: Uint8Array): string => textOfOctets(Buffer.from(bytes).toString('latin1'));

/** Bytes among which sequences that are characters, and some that are nearly, are no rarity. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'é', '€', '😀', '\ufffd').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom([0xc0, 0x80], [0xed, 0xb3, 0xa9], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98]),
    ),
  )
  .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part))));

describe('text of octets', () => {
  test('goes back to the very same bytes, whatever they were', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = textOf(given);
        expect(octetsOf(text).toString('hex')).toBe(given.toString('hex'));
        expect(Buffer.from(asLatin1(text), 'latin1').toString('hex')).toBe(given.toString('hex'));
        expect(Buffer.from(writable(text)).toString('hex')).toBe(given.toString('hex'));
      }),
    );
  });

  test('is the text that UTF-8 has for bytes that are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textOf(Buffer.from(text))).toBe(text);
      }),
    );
  });

  test('keeps the characters beside bytes that are none', () => {
    expect(textOf(Buffer.from([0x74, 0xe9, 0x20, 0xc3, 0xa9, 0xff]))).toBe('t\udce9 é\udcff');
  });

  test('has no character for a surrogate, nor for one written longer than it need be', () => {
    expect(textOf(Buffer.from([0xed, 0xb3, 0xa9]))).toBe('\udced\udcb3\udca9');
    expect(textOf(Buffer.from([0xc0, 0xaf]))).toBe('\udcc0\udcaf');
  });

  test('half a pair that stands for no byte is written as the replacement character', () => {
    expect(octetsOf('a\ud800b\udc7f').toString()).toBe('a\ufffdb\ufffd');
  });
});

test('a text is ASCII if none of its characters is beyond', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));
  fc.assert(fc.property(text, (given) => isAscii(given) === /^[\0-\x7f]*$/u.test(given)));
  expect([isAscii('\ud800'), isAscii('\x7f\0'), isAscii('\x80')]).toEqual([false, true, false]);
});

describe('percent-encoding', () => {
  test('is that of the bytes', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const encoded = percentEncoded(textOf(given));
        expect(encoded).toMatch(/^[\w!'()*.~%-]*$/u);
        const decoded = encoded.replace(/%([\dA-F]{2})/gu, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
        expect(Buffer.from(decoded, 'latin1').toString('hex')).toBe(given.toString('hex'));
      }),
    );
  });

  test('of the bytes alone that are no characters leaves all else', () => {
    expect(withEncodedHalves('/a b/é/\udce9?\udcff')).toBe('/a b/é/%E9?%FF');
    expect(withEncodedHalves('/é?😀')).toBe('/é?😀');
  });
});
