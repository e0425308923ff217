import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headEnd, type AnswerHead } from '../../../../src/measure/transport/wire/head.ts';
import { HeadMemo } from '../../../../src/measure/transport/wire/memo.ts';

const blank = (keepsHead = false): AnswerHead => ({
  status: 0,
  isReusable: false,
  closes: false,
  length: -1,
  isChunked: false,
  transfer: undefined,
  encoding: '',
  head: '',
  keepsHead,
  isTimed: false,
  serverLockUs: 0,
  serverQueryUs: 0,
  error: '',
});

const head = fc
  .record({
    status: fc.constantFrom(200, 204, 404, 503),
    length: fc.nat(99_999),
    padding: fc.nat(60),
    closes: fc.boolean(),
  })
  .map(
    ({ status, length, padding, closes }) =>
      `HTTP/1.1 ${status} x\r\nx-padding: ${'p'.repeat(padding)}\r\ncontent-length: ${length}\r\n${closes ? 'connection: close\r\n' : ''}\r\n`,
  );

describe('HeadMemo', () => {
  test('says of a head that it knows what reading it says, whatever follows it', () => {
    fc.assert(
      fc.property(head, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (text, before, behind) => {
        const piece = Buffer.alloc(4096);
        const memo = new HeadMemo(piece);
        const read = blank();
        piece.write(`${text}${before}`, 'latin1');
        const end = headEnd(piece, 0, text.length + before.length, read);
        expect(end).toBe(text.length);
        memo.remember(end, read);
        piece.write(`${text}${behind}`, 'latin1');
        const known = blank();
        expect(memo.recall(text.length + behind.length, known)).toBe(end);
        expect({ ...known, closes: read.closes }).toEqual(read);
      }),
    );
  });

  test('gives the headers where they are kept, and leaves a head alone that was read without them', () => {
    const memo = new HeadMemo(Buffer.alloc(4096));
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nETag: "a"\r\n\r\n';
    memo.piece.write(text, 'latin1');
    for (const keepsHead of [true, false]) {
      const read = blank(keepsHead);
      memo.remember(headEnd(memo.piece, 0, text.length, read), read);
      const known = blank(keepsHead);
      expect(memo.recall(text.length, known)).toBe(text.length);
      expect(known.head).toBe(keepsHead ? '\r\ncontent-length: 12\r\netag: "a"' : '');
      expect(memo.recall(text.length, blank(!keepsHead))).toBe(0);
    }
  });

  test('does not know a head that differs in any one byte, nor one that has not come whole', () => {
    const piece = Buffer.alloc(4096);
    const memo = new HeadMemo(piece);
    const text = 'HTTP/1.1 200 OK\r\ncontent-length: 12\r\nx: y\r\n\r\n';
    piece.write(`${text}body`, 'latin1');
    const read = blank();
    memo.remember(headEnd(piece, 0, text.length + 4, read), read);
    for (let at = 0; at < text.length; at++) {
      expect(memo.recall(at, blank())).toBe(0);
      piece[at] = piece[at]! ^ 1;
      expect(memo.recall(text.length + 4, blank())).toBe(0);
      piece[at] = piece[at]! ^ 1;
    }
    expect(memo.recall(text.length, blank())).toBe(text.length);
  });

  test('does not keep a head that tells times: they are others in the next one', () => {
    const piece = Buffer.alloc(4096);
    const memo = new HeadMemo(piece);
    const text = 'HTTP/1.1 200 OK\r\nServer-Timing: lock;dur=1, db;dur=2\r\ncontent-length: 0\r\n\r\n';
    piece.write(text, 'latin1');
    const read = blank();
    memo.remember(headEnd(piece, 0, text.length, read), read);
    expect(read).toMatchObject({ isTimed: true, serverLockUs: 1000, serverQueryUs: 2000 });
    expect(memo.recall(text.length, blank())).toBe(0);
  });

  test('leaves a head that is too long to be worth it alone', () => {
    const piece = Buffer.alloc(4096);
    const memo = new HeadMemo(piece);
    const text = `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(2000)}\r\n\r\n`;
    piece.write(text, 'latin1');
    const read = blank();
    memo.remember(headEnd(piece, 0, text.length, read), read);
    expect(memo.recall(text.length, blank())).toBe(0);
  });
});
