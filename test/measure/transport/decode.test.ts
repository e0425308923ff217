import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBody } from '../../../src/measure/transport/decode.ts';

const mebibyte = 1024 * 1024;
const text = 'Tee für zwölf, 茶';
const coders: { readonly [coding: string]: (body: Buffer) => Buffer } = {
  'identity': (body) => body,
  'gzip': gzipSync,
  'x-gzip': gzipSync,
  'deflate': deflateSync,
  'br': brotliCompressSync,
};

describe('a body', () => {
  test('without a coding is its bytes, as text', () => {
    expect(decodeBody(Buffer.from(text), '', mebibyte)).toBe(text);
    expect(decodeBody(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff]), '', mebibyte)).toBe('\uFEFFa\uFFFD');
  });

  test.each(Object.keys(coders))('in %s is decoded, however the word is written', (coding) => {
    const coded = coders[coding]!(Buffer.from(text));
    expect(decodeBody(coded, coding, mebibyte)).toBe(text);
    expect(decodeBody(coded, ` ${coding.toUpperCase()} ,`, mebibyte)).toBe(text);
  });

  test('in deflate may be without a header', () => {
    expect(decodeBody(deflateRawSync(text), 'deflate', mebibyte)).toBe(text);
    expect(decodeBody(deflateRawSync(''), 'deflate', mebibyte)).toBe('');
  });

  test('in several codings loses the last one first', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.constantFrom(...Object.keys(coders)), { maxLength: 5 }), (body, codings) => {
        let coded = Buffer.from(body);
        for (const coding of codings) coded = Buffer.from(coders[coding]!(coded));
        expect(decodeBody(coded, codings.join(', '), mebibyte)).toBe(Buffer.from(body).toString());
      }),
      { numRuns: 200 },
    );
  });

  test('of no bytes is empty, whatever it was to be', () => {
    expect(decodeBody(Buffer.alloc(0), 'gzip', mebibyte)).toBe('');
    expect(decodeBody(Buffer.alloc(0), 'zstd', mebibyte)).toBe('');
  });
});

describe('what cannot be decoded is a failure in words', () => {
  test('an unknown coding', () => {
    expect(decodeBody(Buffer.from('x'), 'zstd', mebibyte)).toEqual({
      failure: 'content-encoding "zstd" is not one of identity, gzip, x-gzip, deflate, br',
    });
  });

  test('bytes that are not what they are called, and what is cut off', () => {
    expect(decodeBody(Buffer.from('plain'), 'gzip', mebibyte)).toEqual({
      failure: 'invalid gzip: incorrect header check',
    });
    expect(decodeBody(gzipSync(text).subarray(0, -9), 'gzip', mebibyte)).toEqual({
      failure: 'invalid gzip: unexpected end of file',
    });
    expect(decodeBody(Buffer.from('plain'), 'br', mebibyte)).toMatchObject({
      failure: expect.stringContaining('invalid br') as unknown,
    });
  });

  test('more text than is taken, before it is there', () => {
    const tooLarge = { failure: 'body larger than 1 MiB' };
    expect(decodeBody(Buffer.alloc(mebibyte + 1), '', mebibyte)).toEqual(tooLarge);
    for (const coding of ['gzip', 'deflate', 'br']) {
      expect(decodeBody(coders[coding]!(Buffer.alloc(mebibyte)), coding, mebibyte)).toHaveLength(mebibyte);
      expect(decodeBody(coders[coding]!(Buffer.alloc(mebibyte + 1)), coding, mebibyte)).toEqual(tooLarge);
    }
    const bomb = gzipSync(gzipSync(Buffer.alloc(64 * mebibyte)));
    expect(decodeBody(bomb, 'gzip, gzip', mebibyte)).toEqual(tooLarge);
  });

  test('more codings than anybody means', () => {
    const six = Array.from({ length: 6 }, () => 'identity').join();
    expect(decodeBody(Buffer.from('x'), six, mebibyte)).toEqual({
      failure: 'content-encoding with more than 5 codings',
    });
  });

  test('any bytes under any coding give a text or a failure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...Object.keys(coders)), (bytes, coding) => {
        const decoded = decodeBody(Buffer.from(bytes), coding, mebibyte);
        expect(typeof decoded === 'string' ? 'text' : decoded.failure).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});
