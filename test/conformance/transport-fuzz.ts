import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { HeadMemo } from '../../src/measure/transport/wire/memo.ts';
import { ended, parsed } from './parsing.ts';
import { RawServer } from './raw-server.ts';
import { tables } from './transport-answers.ts';
import { direct, ok, openTo, send } from './transport-rig.ts';

/** The answers of the tables, to begin from. */
const corpus = tables
  .flatMap(([, cases]) => cases)
  .map(({ answer, expected }) => ({
    isGood: expected.failure === undefined,
    bytes: Buffer.concat([...answer.chunks].map((chunk) => Buffer.from(chunk as string, 'latin1'))),
  }))
  .filter(({ bytes }) => bytes.length > 0 && bytes.length < 500);
const good = corpus.filter(({ isGood }) => isGood);

const words = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.0 200\r\n',
  'HTTP/1.1 103 Early\r\n',
  'HTTP/1.1 204 No\r\n',
  'Content-Length: ',
  'Transfer-Encoding: ',
  'Connection: ',
  'Content-Encoding: gzip\r\n',
  'X-A: b\r\n',
  'chunked\r\n',
  'close\r\n',
  'keep-alive\r\n',
  '5\r\n',
  '0\r\n',
  'hello',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  ' ',
  ':',
  ';',
  ',',
  '\0',
];

interface Change {
  readonly kind: 'put' | 'drop' | 'double' | 'cut';
  /** 0 … 1 of the bytes. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

const change = fc.record<Change>({
  kind: fc.constantFrom('put', 'put', 'drop', 'double', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc.constantFrom(...words).map((word) => Uint8Array.from(Buffer.from(word, 'latin1'))),
  ),
});

const changed = (bytes: Buffer, { kind, at, bytes: given }: Change): Buffer => {
  const from = Math.floor(at * bytes.length);
  const to = Math.min(bytes.length, from + given.length);
  const [before, here, behind] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  if (kind === 'put') return Buffer.concat([before, given, here, behind]);
  if (kind === 'drop') return Buffer.concat([before, behind]);
  return kind === 'double' ? Buffer.concat([before, here, here, behind]) : before;
};

const changedAnswer = (some: typeof corpus, changes: number): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...some), fc.array(change, { maxLength: changes }))
    .map(([{ bytes }, changes]) => changes.reduce(changed, bytes));

/** Any bytes; answers with changes; words of HTTP in any order. */
const anyBytes = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 5, arbitrary: changedAnswer(good, 1) },
  { weight: 3, arbitrary: changedAnswer(corpus, 4) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...words), { maxLength: 12 })
      .map((some) => Buffer.from(`HTTP/1.1 200 OK\r\n${some.join('')}`, 'latin1')),
  },
);

/** The bytes cut at some places, 0 … 1 of them. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, index) => bytes.subarray(at[index], to));
};

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });
const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST');

/** How much is tried. */
export interface Tried {
  /** Over sockets. */
  readonly answers: number;
  /** By the parser alone. */
  readonly parsings: number;
  /** Each of the two ends after so long, however many they were. */
  readonly limitMs: number;
}

/** The tests that answer with any bytes. */
export const anyAnswers = ({ answers, parsings, limitMs }: Tried): void => {
  let server: RawServer;

  beforeAll(async () => {
    server = await RawServer.open(() => ok());
  });
  afterAll(async () => server.close());

  test('any bytes give an outcome in time, the next request is right, and no two transports read different answers', async () => {
    const opened = direct.map(([name, open]) => ({ name, transport: openTo(open, server.origin) }));
    const end = fc.constantFrom('fin', 'fin', 'fin', 'rst', undefined);
    await fc.assert(
      fc.asyncProperty(anyBytes, places, end, method, async (bytes, at, how, method) => {
        const answers = new Set<string>();
        for (const { name, transport } of opened) {
          server.answer = () => ({ chunks: cut(bytes, at), ...(how === undefined ? {} : { end: how }) });
          const exchange = await send(transport, { method, timeoutUs: microsFromMs(25) });
          const { status, failure, detail, body, sentUs, doneUs } = exchange;
          expect([name, ['reset', 'protocol', 'timeout', undefined]]).toEqual([
            name,
            expect.arrayContaining([failure]),
          ]);
          if (failure !== undefined) expect([name, status, detail === '']).toEqual([name, 0, false]);
          else {
            expect(status).toBeGreaterThanOrEqual(200);
            // undici takes a reset for the end of an answer without a length.
            if (how !== 'rst') answers.add(`${status} ${body}`);
          }
          expect(doneUs).toBeGreaterThanOrEqual(sentUs);
          await server.settled();
          server.answer = () => ok();
          const next = await send(transport);
          expect([name, next.status, next.body, next.failure]).toEqual([name, 200, 'next', undefined]);
        }
        expect([...answers].slice(1)).toEqual([]);
      }),
      { numRuns: answers, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false },
    );
    for (const { transport } of opened) await transport.close();
  });

  test('the parser takes any bytes, and the same wherever they are split, whether it knows the head or not', () => {
    const memo = new HeadMemo(Buffer.allocUnsafeSlow(64 * 1024));
    const keep = fc.constantFrom('status', 'head', 'body');
    fc.assert(
      fc.property(anyBytes, places, keep, fc.boolean(), (bytes, at, kept, isBodiless) => {
        const pieces = cut(bytes, at).filter(({ length }) => length > 0);
        const whole = ended(parsed([bytes], kept, isBodiless));
        expect(ended(parsed(pieces, kept, isBodiless))).toEqual(whole);
        expect(ended(parsed(pieces, kept, isBodiless, memo))).toEqual(whole);
        expect(ended(parsed([bytes], kept, isBodiless, memo))).toEqual(whole);
        expect(ended(parsed([bytes], kept, isBodiless, memo))).toEqual(whole);
      }),
      { numRuns: parsings, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false },
    );
  });
};
