import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { llhttpCases } from './llhttp-cases.ts';
import { RawServer } from './raw-server.ts';
import { direct, ok, openTo, send } from './transport-rig.ts';

let server: RawServer;

beforeAll(async () => {
  server = await RawServer.open(() => ok());
});
beforeEach(() => server.forget());
afterAll(async () => server.close());

type Exceptions = { readonly [title: string]: readonly [outcome: string, because: string] };

const nobodyAsked = 'nobody asked for an upgrade (RFC 9110, 15.2.2)';
const noUpgrade: Exceptions = {
  'connection.md: HTTP 101 response with Upgrade and Content-Length header': ['refused', nobodyAsked],
  'connection.md: HTTP 101 response with Upgrade and Transfer-Encoding header': ['refused', nobodyAsked],
};

const wireExceptions: Exceptions = {
  ...noUpgrade,
  'sample.md: RTSP response': ['refused', 'it is no HTTP'],
  'sample.md: ICE response': ['refused', 'it is no HTTP'],
  'sample.md: HTTP version 0.9': ['refused', 'HTTP/0.9 has no status line (RFC 1945, 3.1)'],
  'transfer-encoding.md: Trailing space on chunked body': [
    '200 "This is the data in the first chunk\\r\\nand this is the second one\\r\\n"',
    'some servers pad sizes with blanks, and curl, Go and hyper take them, too',
  ],
};

const undiciExceptions: Exceptions = {
  ...noUpgrade,
  'connection.md: HTTP 100 first, then 400': ['refused', 'undici takes no 100 that it did not ask for'],
  'invalid.md: Bare CR followed by CR after response line': ['200 "Evil"', 'its llhttp is an older one'],
};

test('all of them are read, and each exception is one of them', () => {
  const titles = llhttpCases().map(({ title }) => title);
  expect(titles).toHaveLength(77);
  expect(titles).toEqual(expect.arrayContaining([...Object.keys(wireExceptions), ...Object.keys(undiciExceptions)]));
});

describe.each(direct)('%s makes of the answers in llhttp’s tests what llhttp does', (name, open) => {
  const exceptions = name === 'wire' ? wireExceptions : undiciExceptions;
  test.each(llhttpCases())('$title', async ({ title, bytes, method, answer }) => {
    server.answer = () => ({ chunks: [bytes], end: 'fin' });
    const transport = openTo(open, server.origin);
    const { status, failure, body } = await send(transport, { method });
    await transport.close();
    const became = failure === undefined ? `${status} ${JSON.stringify(body)}` : 'refused';
    const expected = answer === undefined ? 'refused' : `${answer.status} ${JSON.stringify(answer.body)}`;
    const [otherwise] = exceptions[title] ?? [];
    expect(became).toBe(otherwise ?? expected);
  });
});
