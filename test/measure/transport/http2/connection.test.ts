import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frame, literal, Peer, settings, u32, type Heard } from './peer.ts';

const ok = Buffer.of(0x88);
const whole = (id: number, body = 'ok'): Buffer => Buffer.concat([frame(1, 4, id, ok), frame(0, 1, id, body)]);

/** The DATA of a stream, put together. */
const bodyOf = (heard: readonly Heard[], id: number): Buffer =>
  Buffer.concat(heard.flatMap((one) => (one.type === 0 && one.id === id ? [one.payload] : [])));

const hasEnded = (heard: readonly Heard[], id: number): boolean =>
  heard.some((one) => one.id === id && (one.type === 0 || one.type === 1) && (one.flags & 1) !== 0);

describe('requests', () => {
  test('of one turn are written at once, each behind the other, and their service begins there', async () => {
    const peer = Peer.ready();
    const sent = Array.from({ length: 20 }, (_, at) => peer.send({ path: `/${at}` }));
    const before = peer.pipe.written.length;
    expect(peer.heads).toHaveLength(0);
    await peer.turn();
    expect(peer.pipe.written.length).toBeGreaterThan(before);
    expect(peer.heads.map((lines) => lines[3])).toEqual(sent.map((_, at) => `:path: /${at}`));
    expect(new Set(sent.map(({ exchange }) => exchange.sentUs))).toHaveProperty('size', 1);
    // In any order.
    for (let at = 19; at >= 0; at--) peer.say(whole(1 + at * 2, `answer ${at}`));
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(sent.map(({ exchange }) => exchange.body)).toEqual(sent.map((_, at) => `answer ${at}`));
  });

  test('say the same in a byte for each field, once the target knows them', async () => {
    const peer = Peer.ready();
    const parts = { headers: [['user-agent', 'contend'] as const, ['authorization', 'Bearer abc'] as const] };
    const sent = [peer.send(parts), peer.send(parts), peer.send(parts)];
    await peer.turn();
    const heads = peer.heard.filter(({ type }) => type === 1);
    expect(heads.map(({ payload }) => payload.length)).toEqual([heads[0]!.payload.length, 6, 6]);
    expect(new Set(peer.heads.map((lines) => lines.join()))).toHaveProperty('size', 1);
    peer.connection.discard();
    await Promise.all(sent.map(async ({ settled }) => settled));
  });

  test('have long heads in as many frames as it takes', async () => {
    const peer = Peer.ready();
    const value = 'é€'.repeat(20_000);
    const { settled } = peer.send({ headers: [['x-long', () => value]] });
    await peer.turn();
    expect(peer.heard.slice(3).map(({ type, payload }) => [type, payload.length <= 16_384])).toEqual(
      [1, 9, 9, 9, 9, 9, 9].map((type) => [type, true]),
    );
    expect(Buffer.from(peer.heads[0]!.at(-1)!, 'latin1').toString()).toBe(`x-long: ${value}`);
    peer.connection.discard();
    await settled;
  });

  test.each(['', ' ', '\t a b \t', 'ä', '\udce9', 'x'.repeat(200), `${'x'.repeat(41)}€`])(
    'have the value %j as bytes, without blanks around it',
    async (value) => {
      const peer = Peer.ready();
      const headers = [['x-own', value] as const, ['x-made', () => value] as const];
      const { settled } = peer.send({ headers });
      await peer.turn();
      const bytes = value === '\udce9' ? '\xe9' : Buffer.from(value.trim()).toString('latin1');
      expect(peer.heads[0]!.slice(4)).toEqual([`x-own: ${bytes}`, `x-made: ${bytes}`]);
      peer.connection.discard();
      await settled;
    },
  );

  test('end a connection that is given up with the last of them', async () => {
    const peer = Peer.ready();
    const { settled } = peer.send();
    await peer.turn();
    expect(peer.connection.hasRoom).toBe(true);
    peer.say(frame(7, 0, 0, Buffer.concat([u32(1), u32(0)])));
    expect([peer.connection.hasRoom, peer.isLost]).toEqual([false, false]);
    peer.say(whole(1));
    await settled;
    expect(peer.isLost).toBe(true);
  });
});

describe('a body', () => {
  test('that fits goes with its head; a large one in frames of 16 KiB', async () => {
    const peer = Peer.ready([4, 1_000_000]);
    peer.say(frame(8, 0, 0, u32(1_000_000)));
    const large = Buffer.from('abcdefgh'.repeat(10_000));
    const sent = [peer.send({ method: 'POST', body: '{"a":1}' }), peer.send({ method: 'POST', body: large })];
    await peer.turn();
    const { heard } = peer;
    expect(bodyOf(heard, 1).toString()).toBe('{"a":1}');
    expect(bodyOf(heard, 3).equals(large)).toBe(true);
    expect(Math.max(...heard.map(({ payload }) => payload.length))).toBe(16_384);
    expect([hasEnded(heard, 1), hasEnded(heard, 3)]).toEqual([true, true]);
    peer.say(Buffer.concat([whole(1), whole(3)]));
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(peer.ended).toEqual([]);
  });

  test('never goes beyond the windows, which may be made smaller, also below nothing, and wider again', async () => {
    const peer = Peer.ready([4, 10]);
    const { settled } = peer.send({ method: 'POST', body: 'abcdefghijklmnopqrstuvwxyz' });
    const gone = async (): Promise<string> => {
      await peer.turn();
      return bodyOf(peer.heard, 1).toString();
    };
    expect(await gone()).toBe('abcdefghij');
    peer.say(settings([4, 3]));
    expect(await gone()).toBe('abcdefghij');
    peer.say(frame(8, 0, 1, u32(6)));
    expect(await gone()).toBe('abcdefghij');
    peer.say(frame(8, 0, 1, u32(2)));
    expect(await gone()).toBe('abcdefghijk');
    peer.say(settings([4, 5]));
    expect(await gone()).toBe('abcdefghijklm');
    peer.say(frame(8, 0, 1, u32(1000)));
    expect(await gone()).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(hasEnded(peer.heard, 1)).toBe(true);
    peer.say(whole(1));
    await settled;
  });

  test('waits for the window of the connection, in turn with the others', async () => {
    const peer = Peer.ready([4, 2 ** 31 - 1]);
    const body = Buffer.alloc(60_000, 'x');
    const sent = Array.from({ length: 3 }, () => peer.send({ method: 'POST', body }));
    await peer.turn();
    const all = (): number[] => [1, 3, 5].map((id) => bodyOf(peer.heard, id).length);
    const sum = (): number => all().reduce((a, b) => a + b);
    expect(sum()).toBe(65_535);
    peer.say(frame(8, 0, 0, u32(1)));
    await peer.turn();
    expect(sum()).toBe(65_536);
    peer.say(frame(8, 0, 0, u32(60_000)));
    await peer.turn();
    expect(sum()).toBe(125_536);
    peer.say(frame(8, 0, 0, u32(200_000)));
    await peer.turn();
    expect(all()).toEqual([60_000, 60_000, 60_000]);
    peer.say(Buffer.concat([whole(1), whole(3), whole(5)]));
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(peer.ended).toEqual([]);
  });

  test('that is answered early is not sent to its end, and holds up nobody', async () => {
    const peer = Peer.ready();
    const first = peer.send({ method: 'POST', body: Buffer.alloc(200_000, 'x') });
    await peer.turn();
    const gone = bodyOf(peer.heard, 1).length;
    peer.say(Buffer.concat([frame(1, 5, 1, literal(':status', '413')), frame(3, 0, 1, u32(0))]));
    await first.settled;
    expect(first.exchange).toMatchObject({ status: 413, failure: undefined });
    const second = peer.send({ method: 'POST', body: 'next' });
    peer.say(frame(8, 0, 0, u32(1_000_000)));
    await peer.turn();
    expect([bodyOf(peer.heard, 1).length, bodyOf(peer.heard, 3).toString()]).toEqual([gone, 'next']);
    peer.say(whole(3));
    await second.settled;
    expect(peer.ended).toEqual(['RST_STREAM 8']);
  });

  test('is held back while the socket takes nothing', async () => {
    const peer = Peer.ready([4, 2 ** 31 - 1]);
    peer.say(frame(8, 0, 0, u32(2 ** 31 - 65_536)));
    await peer.turn();
    peer.pipe.isStuck = true;
    const sent = Array.from({ length: 50 }, () => peer.send({ method: 'POST', body: Buffer.alloc(1_000_000) }));
    for (let n = 0; n < 20; n++) await peer.turn();
    expect(peer.pipe.writableLength).toBeLessThan(400_000);
    peer.connection.discard();
    await Promise.all(sent.map(async ({ settled }) => settled));
  });
});

describe('windows of ours', () => {
  test('are opened again as answers come, whole or given up, for the connection and for a stream', async () => {
    const peer = Peer.ready();
    const { settled } = peer.send({ keep: 'status' });
    await peer.turn();
    peer.say(frame(1, 4, 1, ok));
    const megabyte = Buffer.concat(Array.from({ length: 64 }, () => frame(0, 0, 1, Buffer.alloc(16_384))));
    const say = (megabytes: number): void => {
      for (let n = 0; n < megabytes; n++) peer.connection.read(megabyte.length, megabyte);
    };
    const widened = async (id: number): Promise<number> => {
      await peer.turn();
      const own = peer.heard.slice(2).filter((one) => one.type === 8 && one.id === id);
      return own.reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0) / 1024 / 1024;
    };
    say(7);
    expect(await widened(1)).toBe(0);
    say(1);
    expect(await widened(1)).toBe(8);
    say(8);
    expect([await widened(1), await widened(0)]).toEqual([16, 0]);
    // Of what was given up, too.
    peer.nowUs += 10_000_000;
    peer.connection.interruptLate(peer.nowUs);
    await settled;
    say(495);
    expect(await widened(0)).toBe(0);
    say(1);
    expect(await widened(0)).toBe(512);
    expect(peer.ended).toEqual(['RST_STREAM 8']);
  });
});

describe('GOAWAY', () => {
  test.each([0, 1, 2, 11, 99])(
    'with code %i: what it leaves out is sent again, the rest may be answered',
    async (code) => {
      const peer = Peer.ready();
      const sent = Array.from({ length: 4 }, () => peer.send({ method: 'POST', body: '{}' }));
      await peer.turn();
      peer.say(frame(7, 0, 0, Buffer.concat([u32(3), u32(code), Buffer.from('enough')])));
      expect(peer.connection.isOpen).toBe(false);
      await Promise.all(sent.slice(2).map(async ({ settled }) => settled));
      expect(peer.resent).toEqual([sent[2]!.exchange, sent[3]!.exchange]);
      expect(peer.resent.map(({ resent, maybeApplied }) => [resent, maybeApplied])).toEqual([
        [true, false],
        [true, false],
      ]);
      peer.say(whole(1));
      peer.pipe.emit('end');
      await Promise.all(sent.map(async ({ settled }) => settled));
      expect(sent[0]!.exchange).toMatchObject({ status: 200, failure: undefined });
      expect(sent[1]!.exchange).toMatchObject({ status: 0, failure: 'reset', maybeApplied: true });
      const name = { 0: 'NO_ERROR', 1: 'PROTOCOL_ERROR', 2: 'INTERNAL_ERROR', 11: 'ENHANCE_YOUR_CALM', 99: 'code 99' }[
        code
      ];
      expect(sent[1]!.exchange.detail).toBe(`the connection was closed without an answer (GOAWAY ${name}: enough)`);
    },
  );

  test('that comes twice leaves out more with the second', async () => {
    const peer = Peer.ready();
    const sent = Array.from({ length: 3 }, () => peer.send());
    await peer.turn();
    peer.say(frame(7, 0, 0, Buffer.concat([u32(2 ** 31 - 1), u32(0)])));
    expect(peer.resent).toHaveLength(0);
    peer.say(frame(7, 0, 0, Buffer.concat([u32(1), u32(0)])));
    expect(peer.resent).toHaveLength(2);
    peer.say(whole(1));
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(peer.isLost).toBe(true);
  });

  test.each([
    [0, 'GOAWAY NO_ERROR'],
    [11, 'GOAWAY ENHANCE_YOUR_CALM: enough'],
  ])('with code %i, and silence then: the code is told with the timeout', async (code, told) => {
    const peer = Peer.ready();
    const sent = [peer.send({ method: 'POST', body: '{}' }), peer.send({ method: 'POST', body: '{}' })];
    await peer.turn();
    peer.say(frame(7, 0, 0, Buffer.concat([u32(3), u32(code), Buffer.from(code === 0 ? '' : 'enough')])));
    // The head of the second one is the last that it says.
    peer.say(frame(1, 4, 3, ok));
    peer.nowUs += 10_000_000;
    peer.connection.interruptLate(peer.nowUs);
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(sent.map(({ exchange: { failure, detail } }) => [failure, detail])).toEqual([
      ['timeout', `no answer within 5000 ms (${told})`],
      ['timeout', `the answer (status 200) was not complete within 5000 ms (${told})`],
    ]);
    expect(peer.isLost).toBe(true);
  });

  test('that comes a thousand times, and takes back what it has left in, gives every request one outcome', async () => {
    const peer = Peer.ready();
    const sent = Array.from({ length: 50 }, () => peer.send());
    await peer.turn();
    for (let at = 1000; at >= 0; at--) peer.say(frame(7, 0, 0, Buffer.concat([u32(1 + at * 2), u32(0)])));
    expect(peer.resent).toHaveLength(49);
    peer.say(whole(1));
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(sent[0]!.exchange.status).toBe(200);
    expect(peer.isLost).toBe(true);
  });
});

describe('the numbers of streams', () => {
  test('end at 2^31 - 1: that request is answered, and nothing else goes out on the connection', async () => {
    const peer = new Peer(100, 2 ** 31 - 3);
    peer.say(settings());
    const sent = [peer.send({ method: 'POST', body: 'a' })];
    expect(peer.connection.hasRoom).toBe(true);
    sent.push(peer.send({ method: 'POST', body: 'b' }));
    expect([peer.connection.isOpen, peer.connection.hasRoom]).toEqual([false, false]);
    await peer.turn();
    const last = 2 ** 31 - 1;
    expect([bodyOf(peer.heard, last - 2).toString(), bodyOf(peer.heard, last).toString()]).toEqual(['a', 'b']);
    peer.say(Buffer.concat([frame(8, 0, last, u32(1)), whole(last, 'last'), whole(last - 2, 'first')]));
    await Promise.all(sent.map(async ({ settled }) => settled));
    expect(sent.map(({ exchange: { status, body } }) => [status, body])).toEqual([
      [200, 'first'],
      [200, 'last'],
    ]);
    expect([peer.isLost, peer.ended]).toEqual([true, ['GOAWAY 0']]);
  });
});

describe('SETTINGS_MAX_CONCURRENT_STREAMS', () => {
  test('0 lets what is in flight end and nothing begin, until it is taken back', async () => {
    const peer = Peer.ready();
    const first = peer.send();
    await peer.turn();
    peer.say(settings([3, 0]));
    expect([peer.connection.isOpen, peer.connection.hasRoom]).toEqual([true, false]);
    peer.say(whole(1));
    await first.settled;
    expect(first.exchange.status).toBe(200);
    let hasRoom = false;
    const waiting = [peer.connection.room(), peer.connection.room()].map(async (room) => {
      await room;
      hasRoom = true;
    });
    await peer.turn();
    expect(hasRoom).toBe(false);
    peer.say(settings([3, 2]));
    await Promise.all(waiting);
    expect([peer.connection.hasRoomFor(2), peer.connection.hasRoomFor(3)]).toEqual([true, false]);
  });

  test('0 for longer than connecting may take is told', async () => {
    const peer = Peer.ready([3, 0]);
    await expect(peer.connection.room()).rejects.toThrow(
      'the target takes no requests: SETTINGS_MAX_CONCURRENT_STREAMS was 0 for 200 ms',
    );
  });

  test('0 of a connection that ends meanwhile keeps nobody waiting', async () => {
    const peer = Peer.ready([3, 0]);
    const room = peer.connection.room();
    peer.pipe.emit('end');
    await room;
    expect(peer.connection.isOpen).toBe(false);
  });
});

test('an answer of 1,000 fields is one', async () => {
  const peer = Peer.ready();
  const { exchange, settled } = peer.send({ keep: 'head' });
  await peer.turn();
  const fields = Array.from({ length: 1000 }, (_, at) => literal(`x-${at}`, `value ${at}`));
  const parts = Array.from({ length: 10 }, (_, at) => Buffer.concat(fields.slice(at * 100, at * 100 + 100)));
  peer.say(Buffer.concat([frame(1, 1, 1, ok), ...parts.map((part, at) => frame(9, at === 9 ? 4 : 0, 1, part))]));
  await settled;
  expect(exchange).toMatchObject({ status: 200, failure: undefined });
  expect(exchange.head.split('\r\n')).toHaveLength(1001);
  expect(exchange.head).toContain('\r\nx-999: value 999');
});

describe('any frames', () => {
  const oneFrame = fc
    .tuple(
      fc.oneof(fc.nat(10), fc.nat(255)),
      fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 12, 13), fc.nat(255)),
      fc.constantFrom(0, 1, 1, 3, 3, 5, 2, 99),
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        fc.constantFrom(ok, Buffer.concat([ok, literal('x-a', '1')]), u32(0), u32(1), Buffer.alloc(8), Buffer.alloc(6)),
      ),
    )
    .map(([type, flags, id, payload]) => frame(type, flags, id, payload));
  const anything = fc
    .array(
      fc.oneof(
        { weight: 20, arbitrary: oneFrame },
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      ),
      {
        maxLength: 25,
      },
    )
    .map((all) => Buffer.concat(all));

  const outcomeOf = async (bytes: Buffer, pieceBytes: number) => {
    const peer = Peer.ready();
    const sent = [
      peer.send(),
      peer.send({ method: 'POST', body: 'some' }),
      peer.send({ method: 'HEAD', keep: 'head' }),
    ];
    await peer.turn();
    peer.say(bytes, pieceBytes);
    peer.pipe.emit('end');
    await Promise.all(sent.map(async ({ settled }) => settled));
    return sent.map(({ exchange: { status, failure, body, head, detail, resent } }) => ({
      status,
      failure,
      body,
      head,
      detail,
      resent,
    }));
  };

  test('give every request an outcome, the same in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.integer({ min: 1, max: 60 }), async (bytes, pieceBytes) => {
        const one = await outcomeOf(bytes, 65_536);
        for (const { status, failure, resent } of one)
          expect(status >= 200 ? failure === undefined : resent || failure !== undefined).toBe(true);
        expect(await outcomeOf(bytes, pieceBytes)).toEqual(one);
      }),
      { numRuns: 1500 },
    );
  });
});
