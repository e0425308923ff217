import { describe, expect, test } from 'vitest';
import { frame, literal, Peer, settings, u32 } from './peer.ts';

/**
 * What RFC 9113 asks of a client, section by section: h2spec's list, which asks it of servers, turned round. Stream 1 is the
 * request that is in flight.
 */
const [endStream, endHeaders, padded, priority] = [1, 4, 8, 32];
const ok = Buffer.of(0x88);
const head = frame(1, endHeaders, 1, ok);
const answer = Buffer.concat([head, frame(0, endStream, 1, 'ok')]);

const code = {
  PROTOCOL_ERROR: 1,
  FLOW_CONTROL_ERROR: 3,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  COMPRESSION_ERROR: 9,
  ENHANCE_YOUR_CALM: 11,
};

/** Frames, whether the request was answered before, and the code that the connection ends with. */
const ending: readonly (readonly [what: string, bytes: readonly Buffer[], code: keyof typeof code])[] = [
  ['4.2: a frame of more than 16 KiB', [head, frame(0, 0, 1, Buffer.alloc(16_385))], 'FRAME_SIZE_ERROR'],
  ['4.2: a large frame of no known type', [frame(0xee, 0, 0, Buffer.alloc(16_385))], 'FRAME_SIZE_ERROR'],
  ['4.3: a head that cannot be decompressed', [frame(1, endHeaders, 1, Buffer.of(0xff, 0xff))], 'COMPRESSION_ERROR'],
  ['4.3: a head that refers to nothing', [frame(1, endHeaders, 1, Buffer.of(0x88, 0xc0))], 'COMPRESSION_ERROR'],
  ['4.3: trailers that cannot be decompressed', [head, frame(1, 5, 1, Buffer.of(0x80))], 'COMPRESSION_ERROR'],
  ['4.3: PRIORITY in the midst of a head', [frame(1, 0, 1, ok), frame(2, 0, 1, Buffer.alloc(5))], 'PROTOCOL_ERROR'],
  ['4.3: DATA in the midst of a head', [frame(1, 0, 1, ok), frame(0, 0, 1, 'ok')], 'PROTOCOL_ERROR'],
  ['4.3: another head in the midst of one', [frame(1, 0, 1, ok), frame(1, endHeaders, 1, ok)], 'PROTOCOL_ERROR'],
  ['4.3: a CONTINUATION of another stream', [frame(1, 0, 1, ok), frame(9, endHeaders, 3, ok)], 'PROTOCOL_ERROR'],
  ['5.1: DATA of a stream that is idle', [frame(0, 0, 3, 'ok')], 'PROTOCOL_ERROR'],
  ['5.1: HEADERS of a stream that is idle', [frame(1, endHeaders, 3, ok)], 'PROTOCOL_ERROR'],
  ['5.1: RST_STREAM of a stream that is idle', [frame(3, 0, 3, u32(8))], 'PROTOCOL_ERROR'],
  ['5.1: WINDOW_UPDATE of a stream that is idle', [frame(8, 0, 3, u32(1))], 'PROTOCOL_ERROR'],
  ['5.1: DATA behind an answer', [answer, frame(0, endStream, 1, 'ok')], 'STREAM_CLOSED'],
  ['5.1: HEADERS behind an answer', [answer, frame(1, 5, 1, ok)], 'STREAM_CLOSED'],
  ['5.1.1: HEADERS of a stream with an even number', [frame(1, endHeaders, 2, ok)], 'PROTOCOL_ERROR'],
  ['5.5: an unknown frame in the midst of a head', [frame(1, 0, 1, ok), frame(0xee, 0, 1)], 'PROTOCOL_ERROR'],
  ['6.1: DATA of no stream', [frame(0, 0, 0, 'ok')], 'PROTOCOL_ERROR'],
  ['6.1: DATA of more padding than it has bytes', [head, frame(0, padded, 1, Buffer.of(3, 1, 2))], 'PROTOCOL_ERROR'],
  ['6.1: padded DATA of no bytes', [head, frame(0, padded, 1)], 'FRAME_SIZE_ERROR'],
  ['6.2: HEADERS of no stream', [frame(1, endHeaders, 0, ok)], 'PROTOCOL_ERROR'],
  ['6.2: HEADERS of too much padding', [frame(1, endHeaders | padded, 1, Buffer.of(2, 0x88))], 'PROTOCOL_ERROR'],
  ['6.2: padded HEADERS of no bytes', [frame(1, endHeaders | padded, 1)], 'FRAME_SIZE_ERROR'],
  ['6.2: HEADERS with less than its priority', [frame(1, endHeaders | priority, 1, ok)], 'FRAME_SIZE_ERROR'],
  ['6.3: PRIORITY of no stream', [frame(2, 0, 0, Buffer.alloc(5))], 'PROTOCOL_ERROR'],
  ['6.4: RST_STREAM of no stream', [frame(3, 0, 0, u32(8))], 'PROTOCOL_ERROR'],
  ['6.4: RST_STREAM of 3 bytes', [frame(3, 0, 1, Buffer.alloc(3))], 'FRAME_SIZE_ERROR'],
  ['6.5: SETTINGS ACK with a payload', [frame(4, 1, 0, Buffer.alloc(6))], 'FRAME_SIZE_ERROR'],
  ['6.5: SETTINGS of a stream', [frame(4, 0, 1)], 'PROTOCOL_ERROR'],
  ['6.5: SETTINGS of 5 bytes', [frame(4, 0, 0, Buffer.alloc(5))], 'FRAME_SIZE_ERROR'],
  ['6.5.2: ENABLE_PUSH 1 of a server', [settings([2, 1])], 'PROTOCOL_ERROR'],
  ['6.5.2: ENABLE_PUSH 2', [settings([2, 2])], 'PROTOCOL_ERROR'],
  ['6.5.2: INITIAL_WINDOW_SIZE 2^31', [settings([4, 2 ** 31])], 'FLOW_CONTROL_ERROR'],
  ['6.5.2: MAX_FRAME_SIZE 16,383', [settings([5, 16_383])], 'PROTOCOL_ERROR'],
  ['6.5.2: MAX_FRAME_SIZE 2^24', [settings([5, 2 ** 24])], 'PROTOCOL_ERROR'],
  ['6.6: PUSH_PROMISE', [frame(5, endHeaders, 1, Buffer.concat([u32(2), ok]))], 'PROTOCOL_ERROR'],
  ['6.7: PING of a stream', [frame(6, 0, 1, Buffer.alloc(8))], 'PROTOCOL_ERROR'],
  ['6.7: PING of 6 bytes', [frame(6, 0, 0, Buffer.alloc(6))], 'FRAME_SIZE_ERROR'],
  ['6.8: GOAWAY of a stream', [frame(7, 0, 1, Buffer.alloc(8))], 'PROTOCOL_ERROR'],
  ['6.8: GOAWAY of 7 bytes', [frame(7, 0, 0, Buffer.alloc(7))], 'FRAME_SIZE_ERROR'],
  ['6.9: WINDOW_UPDATE of nothing', [frame(8, 0, 0, u32(0))], 'PROTOCOL_ERROR'],
  ['6.9: WINDOW_UPDATE of 3 bytes', [frame(8, 0, 0, Buffer.alloc(3))], 'FRAME_SIZE_ERROR'],
  ['6.9.1: a window beyond 2^31 - 1', [frame(8, 0, 0, u32(2 ** 31 - 1))], 'FLOW_CONTROL_ERROR'],
  ['6.9.2: windows of streams beyond it', [frame(8, 0, 1, u32(1)), settings([4, 2 ** 31 - 1])], 'FLOW_CONTROL_ERROR'],
  ['6.10: a CONTINUATION of nothing', [frame(9, endHeaders, 1, ok)], 'PROTOCOL_ERROR'],
  ['6.10: a CONTINUATION behind a whole head', [head, frame(9, endHeaders, 1, ok)], 'PROTOCOL_ERROR'],
  [
    '10.5: CONTINUATION without end',
    [frame(1, 0, 1, ok), ...Array.from({ length: 5000 }, () => frame(9, 0, 1))],
    'ENHANCE_YOUR_CALM',
  ],
  [
    '10.5: a head without end',
    [frame(1, 0, 1, ok), ...Array.from({ length: 20 }, () => frame(9, 0, 1, Buffer.alloc(16_384)))],
    'ENHANCE_YOUR_CALM',
  ],
];

describe('a connection', () => {
  test.each(ending)('ends at %s, with its code, and takes what is in flight with it', async (_, bytes, name) => {
    for (const pieceBytes of [65_536, 7]) {
      const peer = Peer.ready();
      const { exchange, settled } = peer.send();
      await peer.turn();
      peer.say(Buffer.concat(bytes), pieceBytes);
      await settled;
      expect(peer.ended).toEqual([`GOAWAY ${code[name]}`]);
      expect([peer.isLost, peer.connection.isOpen]).toEqual([true, false]);
      if (exchange.status !== 200) {
        expect(exchange).toMatchObject({ status: 0, failure: 'protocol', maybeApplied: true });
        expect(exchange.detail).toMatch(/\(invalid HTTP\/2: .+\)$/u);
      }
    }
  });

  test.each([
    ['begins with a frame that is no SETTINGS', frame(6, 0, 0, Buffer.alloc(8)), 'its first frame is not SETTINGS'],
    ['begins with the ACK of SETTINGS', frame(4, 1, 0), 'its first frame is not SETTINGS'],
    ['is of HTTP/1.1', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'it speaks HTTP/1.1'],
    ['is of HTTP/1.1, in few words', Buffer.from('HTTP/'), 'it speaks HTTP/1.1'],
  ])('that %s is none', async (_, bytes, why) => {
    for (const pieceBytes of [100, 1]) {
      const peer = new Peer();
      const opened = peer.connection.ready(1_000_000, 1_000_000);
      peer.say(bytes, pieceBytes);
      await expect(opened).rejects.toThrow(`invalid HTTP/2: ${why}`);
      expect(peer.ended).toEqual(['GOAWAY 1']);
    }
  });
});

/** What comes, with which code the stream ends, and why; the connection goes on. */
const spoiling: readonly (readonly [what: string, bytes: readonly Buffer[], code: number, why: string])[] = [
  ['a head without a status', [frame(1, endHeaders, 1, literal('x-a', '1'))], 1, 'begin with its status'],
  ['a head of no fields', [frame(1, endHeaders, 1)], 1, 'begin with its status'],
  ['a status behind another field', [frame(1, 4, 1, Buffer.concat([literal('x-a', '1'), ok]))], 1, 'with its status'],
  ['two statuses', [frame(1, endHeaders, 1, Buffer.of(0x88, 0x88))], 1, 'two statuses'],
  ['a status that is none', [frame(1, endHeaders, 1, literal(':status', '2000'))], 1, 'an invalid status'],
  ['a status that is no number', [frame(1, endHeaders, 1, literal(':status', 'ok'))], 1, 'an invalid status'],
  ['status 101', [frame(1, endHeaders, 1, literal(':status', '101'))], 1, 'status 101'],
  ['an interim answer that is the last', [frame(1, 5, 1, literal(':status', '103'))], 1, 'ends with status 103'],
  ...(
    [
      ['X-A', '1'],
      ['x a', '1'],
      ['', '1'],
      [':path', '/'],
      [':what', '1'],
      ['x-a', 'a\0b'],
      ['x-a', 'a\r\nb: c'],
      ['connection', 'close'],
      ['keep-alive', 'timeout=5'],
      ['transfer-encoding', 'chunked'],
      ['upgrade', 'h2c'],
      ['proxy-connection', 'close'],
    ] as const
  ).map(
    ([name, value]) =>
      [
        `the field ${JSON.stringify(`${name}: ${value}`)}`,
        [frame(1, endHeaders, 1, Buffer.concat([ok, literal(name, value)]))],
        1,
        'a field that no answer has',
      ] as const,
  ),
  ['DATA before a head', [frame(0, 0, 1, 'ok')], 1, 'DATA before the head'],
  ['DATA behind an interim head', [frame(1, 4, 1, literal(':status', '100')), frame(0, 0, 1, 'ok')], 1, 'DATA before'],
  [
    'a body shorter than its length',
    [frame(1, 4, 1, Buffer.concat([ok, literal('content-length', '5')])), frame(0, endStream, 1, 'ok')],
    1,
    'a body of 2 bytes, where its head says 5',
  ],
  [
    'a body longer than its length',
    [frame(1, 4, 1, Buffer.concat([ok, literal('content-length', '1')])), frame(0, endStream, 1, 'ok')],
    1,
    'a body of 2 bytes, where its head says 1',
  ],
  [
    'no body where it has a length',
    [frame(1, 5, 1, Buffer.concat([ok, literal('content-length', '1')]))],
    1,
    'a body of 0 bytes, where its head says 1',
  ],
  [
    'two lengths',
    [frame(1, 4, 1, Buffer.concat([ok, literal('content-length', '1'), literal('content-length', '2')]))],
    1,
    'two content-lengths that differ',
  ],
  ['a length that is none', [frame(1, 4, 1, Buffer.concat([ok, literal('content-length', '-1')]))], 1, 'not a number'],
  ['trailers that are not the end', [head, frame(1, endHeaders, 1, literal('x-a', '1'))], 1, 'do not end the answer'],
  ['a status in trailers', [head, frame(1, 5, 1, ok)], 1, 'a status in trailers'],
  ['a pseudo field in trailers', [head, frame(1, 5, 1, literal(':path', '/'))], 1, 'a field that no answer has'],
  ['PRIORITY of 4 bytes (6.3)', [frame(2, 0, 1, Buffer.alloc(4))], 6, 'a PRIORITY of 4 bytes'],
  ['WINDOW_UPDATE of nothing (6.9)', [frame(8, 0, 1, u32(0))], 1, 'a WINDOW_UPDATE of nothing'],
  ['a window beyond 2^31 - 1 (6.9.1)', [frame(8, 0, 1, u32(2 ** 31 - 1))], 3, 'a window of more than'],
  [
    'a head of more than 64 KiB',
    [
      frame(1, 0, 1, ok),
      ...Array.from({ length: 6 }, () =>
        frame(9, 0, 1, Buffer.concat(Array.from({ length: 100 }, () => literal('x-large', 'y'.repeat(120))))),
      ),
      frame(9, endHeaders, 1),
    ],
    1,
    'a head larger than 64 KiB',
  ],
];

test.each(spoiling)('%s is no answer: its stream ends, and the connection goes on', async (_, bytes, code2, why) => {
  for (const pieceBytes of [65_536, 3]) {
    const peer = Peer.ready();
    const { exchange, settled } = peer.send();
    await peer.turn();
    peer.say(Buffer.concat(bytes), pieceBytes);
    await settled;
    expect(exchange).toMatchObject({ status: 0, failure: 'protocol', maybeApplied: true });
    expect(exchange.detail).toContain(why);
    // What was under way when it was ended is of no interest.
    peer.say(Buffer.concat([frame(0, 0, 1, 'more'), frame(8, 0, 1, u32(5)), frame(3, 0, 1, u32(0))]));
    const next = peer.send();
    peer.say(Buffer.concat([frame(1, 4, 3, ok), frame(0, endStream, 3, 'next')]));
    await next.settled;
    expect(next.exchange).toMatchObject({ status: 200, body: 'next', failure: undefined });
    await peer.turn();
    expect(peer.ended).toEqual([`RST_STREAM ${code2}`]);
  }
});

/** What comes in an answer, all of it as it may be. */
const fine: readonly (readonly [what: string, bytes: readonly Buffer[]])[] = [
  ['DATA in one frame', [answer]],
  ['an empty DATA at its end', [head, frame(0, 0, 1, 'ok'), frame(0, endStream, 1)]],
  ['empty DATA in between', [head, frame(0, 0, 1), frame(0, 0, 1, 'o'), frame(0, 0, 1), frame(0, endStream, 1, 'k')]],
  ['padding', [frame(1, 12, 1, Buffer.of(2, 0x88, 0, 0)), frame(0, 9, 1, Buffer.of(3, 0x6f, 0x6b, 0, 0, 0))]],
  [
    'DATA of padding alone',
    [head, frame(0, 8, 1, Buffer.of(1, 0)), frame(0, 8, 1, Buffer.of(0)), frame(0, 1, 1, 'ok')],
  ],
  ['a priority in its head', [frame(1, 36, 1, Buffer.concat([Buffer.alloc(5), ok])), frame(0, endStream, 1, 'ok')]],
  ['frames of unknown types', [frame(0xee, 0xff, 0, 'what'), head, frame(0xef, 0, 1), frame(0, 0xf1, 1, 'ok')]],
  [
    'reserved bits',
    [
      frame(1, 4, 1, ok),
      (() => {
        const f = frame(0, 1, 1, 'ok');
        f[5]! |= 0x80;
        return f;
      })(),
    ],
  ],
  [
    'PRIORITY, ALTSVC and ORIGIN',
    [frame(2, 0, 1, Buffer.alloc(5)), frame(10, 0, 0, 'a'), frame(12, 0, 0, 'b'), answer],
  ],
  ['PRIORITY of a stream that is idle', [frame(2, 0, 99, Buffer.alloc(5)), answer]],
  [
    'CONTINUATIONs, an empty one among them',
    [frame(1, 0, 1), frame(9, 0, 1, ok), frame(9, 4, 1), frame(0, 1, 1, 'ok')],
  ],
  ['interim answers', [frame(1, 4, 1, literal(':status', '103')), frame(1, 4, 1, literal(':status', '100')), answer]],
  ['trailers', [head, frame(0, 0, 1, 'ok'), frame(1, 5, 1, literal('x-sum', '1'))]],
  ['a table that is resized', [frame(1, 4, 1, Buffer.of(0x20, 0x3f, 0xe1, 0x1f, 0x88)), frame(0, 1, 1, 'ok')]],
  ['settings that nobody knows', [settings([99, 1], [8, 1]), answer]],
  ['ENABLE_PUSH 0', [settings([2, 0]), answer]],
  ['the ACK of a PING that nobody sent', [frame(6, 1, 0, Buffer.alloc(8)), answer]],
  ['RST_STREAM behind its end', [answer, frame(3, 0, 1, u32(0))]],
  ['RST_STREAM CANCEL and WINDOW_UPDATE behind its end', [answer, frame(8, 0, 1, u32(1)), frame(3, 0, 1, u32(8))]],
  [
    'RST_STREAM in place of its end, once its body is as long as it was said to be',
    [frame(1, 4, 1, Buffer.concat([ok, literal('content-length', '2')])), frame(0, 0, 1, 'ok'), frame(3, 0, 1, u32(0))],
  ],
  ['blanks around a value', [frame(1, 4, 1, Buffer.concat([ok, literal('x-a', ' 1 ')])), frame(0, 1, 1, 'ok')]],
];

test.each(fine)('an answer may have %s, in whatever pieces it comes', async (_, bytes) => {
  const whole = Buffer.concat(bytes);
  for (let pieceBytes = whole.length; pieceBytes > 0; pieceBytes--) {
    const peer = Peer.ready();
    const { exchange, settled } = peer.send();
    await peer.turn();
    peer.say(whole, pieceBytes);
    await settled;
    expect(exchange).toMatchObject({ status: 200, body: 'ok', bytes: 2, failure: undefined });
    await peer.turn();
    expect([peer.ended, peer.connection.isOpen]).toEqual([[], true]);
  }
});

test('a stream that is reset with NO_ERROR in place of its end is cut off', async () => {
  const peer = Peer.ready();
  const { exchange, settled } = peer.send();
  await peer.turn();
  peer.say(Buffer.concat([head, frame(0, 0, 1, 'ok'), frame(3, 0, 1, u32(0))]));
  await settled;
  expect(exchange).toMatchObject({
    status: 0,
    failure: 'reset',
    detail: 'the answer (status 200) was cut off: the stream was closed before its end (NO_ERROR)',
  });
});

describe('what the target says of the connection', () => {
  test('SETTINGS and PING are answered, each with what it asks for', async () => {
    const peer = Peer.ready();
    peer.say(frame(6, 0, 0, 'pingping'));
    await peer.turn();
    const [own, window, ack, pong, ...rest] = peer.heard;
    expect([own!.type, own!.flags, window!.type, rest]).toEqual([4, 0, 8, []]);
    expect(ack).toMatchObject({ type: 4, flags: 1, id: 0, payload: Buffer.alloc(0) });
    expect(pong).toMatchObject({ type: 6, flags: 1, id: 0, payload: Buffer.from('pingping') });
  });

  test.each([
    ['PING', frame(6, 0, 0, 'pingping')],
    ['SETTINGS', settings([3, 100])],
  ])('%s without end is no burden where nobody reads the answers: the connection is left', async (_, bytes) => {
    const peer = Peer.ready();
    const { settled } = peer.send();
    await peer.turn();
    peer.pipe.isStuck = true;
    for (let n = 0; n < 12_000 && peer.connection.isOpen; n += 100) {
      peer.say(Buffer.concat(Array.from({ length: 100 }, () => bytes)));
      await peer.turn();
    }
    await settled;
    expect(peer.connection.isOpen).toBe(false);
    expect(peer.pipe.writableLength).toBeLessThan(1_000_000);
  });

  test('a table for heads that is made smaller is emptied, and told of with the next head', async () => {
    const peer = Peer.ready();
    const parts = { headers: [['x-own', 'always the same']] as const };
    const all = [peer.send(parts), peer.send(parts)];
    await peer.turn();
    for (const [at, bytes] of [0, 100, 65_536].entries()) {
      peer.say(settings([1, bytes]));
      all.push(peer.send(parts), peer.send(parts));
      await peer.turn();
      expect(peer.heads).toHaveLength(2 + 2 * (at + 1));
    }
    expect(new Set(peer.heads.map((lines) => lines.join()))).toHaveProperty('size', 1);
    peer.connection.discard();
    await Promise.all(all.map(async ({ settled }) => settled));
  });
});
