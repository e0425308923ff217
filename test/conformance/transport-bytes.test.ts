import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HeadMemo } from '../../src/measure/transport/wire/memo.ts';
import { RawServer } from './raw-server.ts';
import { parsed } from './parsing.ts';
import { tables } from './transport-answers.ts';
import { direct, ok, openTo, send } from './transport-rig.ts';

interface Whole {
  readonly title: string;
  readonly bytes: Buffer;
  readonly method?: string;
  readonly end?: 'fin';
}

const latin1 = (title: string, text: string, more: Pick<Whole, 'method' | 'end'> = {}): Whole => ({
  title,
  bytes: Buffer.from(text, 'latin1'),
  ...more,
});

const zipped = gzipSync('{"tea":"té"}');

const answers: readonly Whole[] = [
  latin1('a length', 'HTTP/1.1 200 OK\r\nETag: "7"\r\nContent-Length: 5\r\n\r\nhello'),
  latin1('a length of 0', 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: /a\r\n\r\n'),
  latin1('chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'),
  latin1(
    'chunks with extensions and trailers',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n00A;a="b"\r\nhe\r\n0\r\n\r\n1\r\n0;z\r\nX-T: 1\r\nX-U:\r\n\r\n',
  ),
  latin1(
    'interim answers',
    'HTTP/1.1 103 Early\r\nLink: </>\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  ),
  latin1('no length', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nhello\r\n', { end: 'fin' }),
  latin1('204', 'HTTP/1.1 204 No Content\r\nX-A:  b \r\n\r\n'.replace('b ', 'b')),
  latin1('304', 'HTTP/1.1 304\r\nETag: "7"\r\n\r\n'),
  latin1('HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', { method: 'HEAD' }),
  latin1('HTTP/1.0 with keep-alive', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok'),
  latin1('Connection: close', 'HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 2\r\n\r\nok'),
  {
    title: 'gzip',
    bytes: Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`),
      zipped,
    ]),
  },
  { title: 'characters of several bytes', bytes: Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nté€') },
  latin1(
    'another answer behind it',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
  ),
  latin1('a line feed alone', 'HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 2\r\n\r\nok'),
  latin1('a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhey\r\n0\r\n\r\n'),
  latin1(
    'both lengths',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  ),
];

/** The bytes in two pieces, cut at every place in turn, and then one by one. */
const splitsOf = (bytes: Buffer): Buffer[][] => [
  ...Array.from({ length: bytes.length - 1 }, (_, at) => [bytes.subarray(0, at + 1), bytes.subarray(at + 1)]),
  Array.from(bytes, (byte) => Buffer.of(byte)),
];

describe.each(direct)('%s makes the same of an answer, wherever its bytes are split', (_name, open) => {
  let server: RawServer;

  beforeAll(async () => {
    server = await RawServer.open(() => ok());
  });
  afterAll(async () => server.close());

  test.each(answers)('$title', async ({ bytes, method = 'GET', end }) => {
    const transport = openTo(open, server.origin);
    /** What became of it, and whether it needed a new connection: if so, the one before it had left none. */
    const outcomeOf = async (pieces: readonly Buffer[]): Promise<string> => {
      const before = server.connections.length;
      server.answer = () => ({ chunks: pieces, ...(end === undefined ? {} : { end }) });
      const { status, failure, head, body } = await send(transport, { method });
      await server.settled();
      return JSON.stringify([
        status,
        failure,
        failure === undefined ? head + body : '',
        server.connections.length - before,
      ]);
    };
    await outcomeOf([bytes]);
    const whole = await outcomeOf([bytes]);
    for (const pieces of splitsOf(bytes)) {
      expect(await outcomeOf(pieces), `${pieces.length} pieces, the first of ${pieces[0]!.length}`).toBe(whole);
    }
    server.answer = () => ok();
    expect((await send(transport)).body).toBe('next');
    await transport.close();
  });
});

describe('the parser makes the same of an answer, wherever its bytes are split', () => {
  const inTables = tables.flatMap(([, cases]) =>
    cases.map(({ title, answer, parts }) => ({
      title,
      method: parts?.method ?? 'GET',
      bytes: Buffer.concat([...answer.chunks].map((chunk) => Buffer.from(chunk as string, 'latin1'))),
    })),
  );
  const memo = new HeadMemo(Buffer.allocUnsafeSlow(64 * 1024));

  test.each([...answers, ...inTables].filter(({ bytes }) => bytes.length > 1 && bytes.length < 2000))(
    '$title',
    ({ bytes, method }) => {
      const isBodiless = method === 'HEAD';
      for (const keep of ['body', 'head', 'status'] as const) {
        const whole = JSON.stringify(parsed([bytes], keep, isBodiless));
        for (const pieces of [[bytes], ...splitsOf(bytes), [bytes]]) {
          const read = JSON.stringify(parsed(pieces, keep, isBodiless));
          const known = JSON.stringify(parsed(pieces, keep, isBodiless, memo));
          if (read === whole && known === whole) continue;
          expect([read, known], `${pieces.length} pieces, the first of ${pieces[0]!.length}`).toEqual([whole, whole]);
        }
        expect(whole).not.toBe('');
      }
    },
  );
});
