import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Decoder } from '../../../../src/measure/transport/http2/hpack/decoder.ts';
import {
  Encoder,
  literalName,
  numberOf,
  type ConstantField,
} from '../../../../src/measure/transport/http2/hpack/encoder.ts';
import { huffmanDecode, huffmanEncode, huffmanLength } from '../../../../src/measure/transport/http2/hpack/huffman.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/gu, ''), 'hex');

/** The fields of a block as `name: value`; throws what is wrong with it. */
const decoded = (decoder: Decoder, block: Buffer): string[] => {
  if (!decoder.decode(block, 0, block.length)) throw new Error(decoder.error);
  return decoder.fields.slice(0, decoder.count).map(({ name, value }) => `${name}: ${value}`);
};

describe('the examples of RFC 7541', () => {
  test.each([
    ['C.1.1', 0, 5, 10, '0a'],
    ['C.1.2', 0, 5, 1337, '1f9a0a'],
    ['C.1.3', 0, 8, 42, '2a'],
  ])('%s: a number', (_, mark, prefix, number, bytes) => {
    expect(numberOf(mark, prefix, number).toString('hex')).toBe(bytes);
  });

  test.each([
    ['C.2.1', '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', 'custom-key: custom-header'],
    ['C.2.2', '040c 2f73 616d 706c 652f 7061 7468', ':path: /sample/path'],
    ['C.2.3', '1008 7061 7373 776f 7264 0673 6563 7265 74', 'password: secret'],
    ['C.2.4', '82', ':method: GET'],
  ])('%s: a field', (_, block, field) => {
    expect(decoded(new Decoder(), hex(block))).toEqual([field]);
  });

  const requests = [
    [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
    [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value'],
  ];
  test.each([
    [
      'C.3, spelled out',
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
    ],
    [
      'C.4, in Huffman’s code',
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
    ],
  ])('%s: three requests, one after the other', (_, blocks) => {
    const decoder = new Decoder();
    expect(blocks.map((block) => decoded(decoder, hex(block)))).toEqual(requests);
  });

  test('C.6: three answers, in a table of 256 bytes that has to forget', () => {
    const decoder = new Decoder();
    const blocks = [
      '3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
      '4883 640e ffc1 c0bf',
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
    ];
    const date = (second: number): string => `date: Mon, 21 Oct 2013 20:13:${second} GMT`;
    const location = 'location: https://www.example.com';
    expect(blocks.map((block) => decoded(decoder, hex(block)))).toEqual([
      [':status: 302', 'cache-control: private', date(21), location],
      [':status: 307', 'cache-control: private', date(21), location],
      [
        ':status: 200',
        'cache-control: private',
        date(22),
        location,
        'content-encoding: gzip',
        'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      ],
    ]);
  });
});

describe('Huffman’s code', () => {
  test('of any bytes is read back, and as long as it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const code = huffmanEncode(bytes);
        const into = Buffer.alloc(600);
        expect(huffmanLength(bytes)).toBe(code.length);
        expect(into.subarray(0, huffmanDecode(code, 0, code.length, into))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test.each([
    ['eight bits of padding', 'ffff'],
    ['padding of zeros', '00'],
    ['the end of a text within it', 'ffffffff'],
  ])('with %s is none', (_, code) => {
    expect(huffmanDecode(hex(code), 0, hex(code).length, Buffer.alloc(100))).toBe(-1);
  });
});

describe('a block', () => {
  test.each([
    ['of a field that no table has', 'be', 'there is no field 62'],
    ['of field 0', '80', 'there is no field 0'],
    ['with a name that no table has', '7f00 0161', 'there is no field 63'],
    ['that ends in a number', 'ff80', 'it ends in the midst of a number'],
    ['of a number without end', 'ff8080808080808080808080', 'a number that is too large'],
    ['that ends in a text', '0003 6162', 'it ends in the midst of a text'],
    ['that ends before a value', '0001 61', 'it ends in the midst of a field'],
    ['that resizes its table in its midst', '8220', 'a table is resized within a block'],
    ['in a code that is none', '00 84ffffffff 00', 'a text in invalid Huffman code'],
  ])('%s is none', (_, block, why) => {
    expect(() => decoded(new Decoder(), hex(block))).toThrow(why);
  });

  test('of a table that is larger than was allowed is none', () => {
    const block = numberOf(0x20, 5, 4097);
    expect(() => decoded(new Decoder(), block)).toThrow('a table of 4097 bytes, where 4096 are allowed');
    expect(decoded(new Decoder(), numberOf(0x20, 5, 4096))).toEqual([]);
  });

  test('of any bytes has an outcome, and the table never more than it may', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 6 }), (blocks) => {
        const decoder = new Decoder();
        for (const bytes of blocks) {
          const block = Buffer.from(bytes);
          const isOne = decoder.decode(block, 0, block.length);
          expect(isOne).toBe(decoder.error === '');
          if (!isOne) break;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

const token = fc.stringMatching(/^[a-z0-9-]{1,12}$/u).map((name) => `x-${name}`);
const value = fc.stringMatching(/^[\x21-\x7e]{0,60}$/u);
const fields = fc.array(fc.tuple(token, value), { minLength: 1, maxLength: 12 });

describe('what we encode', () => {
  test('is read back, also once it is in the table, and whatever the target makes of its size in between', () => {
    fc.assert(
      fc.property(
        fc.array(fields, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(20), fc.constantFrom(0, 40, 200, 4096, 65_536)), { maxLength: 5 }),
        (requests, limits) => {
          const encoder = new Encoder();
          const decoder = new Decoder();
          for (let turn = 0; turn < 20; turn++) {
            for (const [when, bytes] of limits) if (when === turn) encoder.limit(bytes);
            const request: readonly ConstantField[] = requests[turn % requests.length]!;
            const resize = encoder.isResized ? encoder.takeResize() : Buffer.alloc(0);
            const block = Buffer.concat([resize, encoder.encode(request)]);
            expect(decoded(decoder, block)).toEqual(request.map(([name, text]) => `${name}: ${text}`));
          }
        },
      ),
    );
  });

  test('is a byte for each field from the second time on, as long as nothing new comes', () => {
    const encoder = new Encoder();
    const request: readonly ConstantField[] = [
      [':method', 'GET'],
      [':authority', 'shop.test'],
      ['user-agent', 'contend'],
    ];
    expect(encoder.encode(request).length).toBeGreaterThan(10);
    const { version } = encoder;
    expect(encoder.encode(request)).toHaveLength(3);
    expect(encoder.version).toBe(version);
  });

  test('that the table has no room for is spelled out each time, and puts nothing out of it', () => {
    const encoder = new Encoder();
    const large: ConstantField = ['x-large', 'y'.repeat(5000)];
    encoder.encode([['x-a', '1']]);
    expect(encoder.encode([large]).length).toBeGreaterThan(3000);
    expect(encoder.encode([large]).length).toBeGreaterThan(3000);
    expect(encoder.encode([['x-a', '1']])).toHaveLength(1);
  });

  test('with a value that changes begins with its name', () => {
    const block = Buffer.concat([
      literalName(':path'),
      numberOf(0, 7, 2),
      Buffer.from('/a'),
      literalName('x-b'),
      Buffer.of(0),
    ]);
    expect(decoded(new Decoder(), block)).toEqual([':path: /a', 'x-b: ']);
  });
});

describe('against nghttp2, which node:http2 stands on', () => {
  let server: Http2Server;
  let answer: (stream: ServerHttp2Stream) => void;
  const seen: { readonly [name: string]: unknown }[] = [];

  beforeAll(async () => {
    server = createServer();
    server.on('stream', (stream, headers) => {
      seen.push(headers);
      answer(stream);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => new Promise((resolve) => void server.close(resolve)));

  /** Frames of HEADERS that a server sends on one connection, for each of these answers, as they stand on the wire. */
  const blocksOf = async (answers: readonly (readonly (readonly [string, string])[])[]): Promise<Buffer[]> => {
    const blocks: Buffer[] = [];
    const { port } = server.address() as AddressInfo;
    const socket = connectTcp(port, '127.0.0.1');
    const frame = (type: number, flags: number, id: number, payload: Buffer): Buffer => {
      const head = Buffer.alloc(9);
      head.writeUIntBE(payload.length, 0, 3);
      head[3] = type;
      head[4] = flags;
      head.writeUInt32BE(id, 5);
      return Buffer.concat([head, payload]);
    };
    const request = Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x61]);
    const ask = (): void => {
      const fieldsNow = answers[blocks.length]!;
      answer = (stream) => {
        const headers: { [name: string]: string[] } = {};
        for (const [name, text] of fieldsNow) (headers[name] ??= []).push(text);
        stream.respond(headers, { endStream: true });
      };
      socket.write(frame(1, 5, 1 + blocks.length * 2, request));
    };
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0, Buffer.alloc(0))]));
    ask();
    let pending = Buffer.alloc(0);
    await new Promise<void>((resolve) => {
      socket.on('data', (bytes) => {
        pending = Buffer.concat([pending, bytes]);
        while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
          const length = pending.readUIntBE(0, 3);
          const [type, payload] = [pending[3], pending.subarray(9, 9 + length)];
          pending = pending.subarray(9 + length);
          if (type !== 1) continue;
          blocks.push(payload);
          if (blocks.length === answers.length) return resolve();
          ask();
        }
      });
    });
    socket.destroy();
    return blocks;
  };

  test('random heads of its encoder are read as they were meant, one after the other on a connection', async () => {
    const answers = fc.sample(fields, { numRuns: 60, seed: 7 });
    // Some come again, so that they are references.
    const all = answers.flatMap((one, at) => [one, answers[Math.floor(at / 3)]!]);
    const decoder = new Decoder();
    const blocks = await blocksOf(all);
    for (const [at, block] of blocks.entries()) {
      const got = decoded(decoder, block).filter((line) => !line.startsWith('date: '));
      expect(got.toSorted()).toEqual(
        [':status: 200', ...all[at]!.map(([name, text]) => `${name}: ${text}`)].toSorted(),
      );
    }
  });

  test('random heads of ours are read by it as they were meant', async () => {
    const { port } = server.address() as AddressInfo;
    answer = (stream) => stream.respond({}, { endStream: true });
    const requests = fc.sample(fields, { numRuns: 40, seed: 11 });
    const encoder = new Encoder();
    const socket = connectTcp(port, '127.0.0.1').on('error', () => undefined);
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), hex('000000 04 00 00000000')]));
    seen.length = 0;
    const all = requests.flatMap((one, at) => [one, requests[Math.floor(at / 3)]!]);
    for (const [at, own] of all.entries()) {
      const block = encoder.encode([
        [':method', 'GET'],
        [':scheme', 'http'],
        [':path', `/${at}`],
        [':authority', 'shop.test'],
        ...own,
      ]);
      const head = Buffer.alloc(9);
      head.writeUIntBE(block.length, 0, 3);
      head[3] = 1;
      head[4] = 5;
      head.writeUInt32BE(1 + at * 2, 5);
      socket.write(Buffer.concat([head, block]));
    }
    await expect.poll(() => seen.length).toBe(all.length);
    socket.destroy();
    for (const headers of seen) {
      const own = all[Number(String(headers[':path']).slice(1))]!;
      const wanted: { [name: string]: string } = {};
      for (const [name, text] of own) wanted[name] = wanted[name] === undefined ? text : `${wanted[name]}, ${text}`;
      expect(headers).toMatchObject(wanted);
    }
  });
});
