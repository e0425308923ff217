import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../../src/core/octets.ts';
import { microsFromMs } from '../../../../src/core/units.ts';
import { newUser, type User } from '../../../../src/measure/user.ts';
import { parseOrigin } from '../../../../src/measure/transport/connect/origin.ts';
import type { RequestParts } from '../../../../src/measure/transport/transport.ts';
import { compileWritten } from '../../../../src/measure/transport/wire/request.ts';

const get: RequestParts = { method: 'GET', path: '/', headers: [], keep: 'status', timeoutUs: microsFromMs(1000) };
const user = newUser(7, 0);
const ofUser = (of: (index: number) => string) => (asked: User) => of(asked.index);

const write = (parts: Partial<RequestParts>, origin = 'http://shop.example'): string => {
  const written = compileWritten({ ...get, ...parts }, parseOrigin(origin));
  return (typeof written === 'function' ? written(user) : written).toString();
};

describe('a request on the wire', () => {
  test('that never changes is encoded once, as bytes', () => {
    expect(compileWritten(get, parseOrigin('http://shop.example'))).toEqual(
      Buffer.from('GET / HTTP/1.1\r\nhost: shop.example\r\n\r\n'),
    );
  });

  test('has the base of the origin before its path, and the port in its host only where it is not the usual one', () => {
    expect(write({ path: '/a?b=c' }, 'http://shop.example:8080/api/')).toBe(
      'GET /api/a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\n\r\n',
    );
    expect(write({}, 'https://shop.example:443')).toContain('\r\nhost: shop.example\r\n');
    expect(write({}, 'http://[::1]:81')).toContain('\r\nhost: [::1]:81\r\n');
    expect(write({}, 'http://unix:/run/shop.sock:/v1')).toBe('GET /v1/ HTTP/1.1\r\nhost: localhost\r\n\r\n');
  });

  test('puts what belongs to a user in its place, in path, headers and body', () => {
    expect(
      write({
        method: 'PUT',
        path: ofUser((index) => `/users/${index}`),
        headers: [
          ['if-match', ofUser((index) => `"${index}"`)],
          ['content-type', 'application/json'],
        ],
        body: ofUser((index) => `{"n":${index}}`),
      }),
    ).toBe(
      'PUT /users/7 HTTP/1.1\r\nhost: shop.example\r\nif-match: "7"\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"n":7}',
    );
  });

  test('counts the bytes of a body, not its characters', () => {
    for (const body of ['naïve €', ofUser(() => 'naïve €')]) {
      expect(write({ method: 'POST', body })).toMatch(/content-length: 10\r\n\r\nnaïve €$/u);
    }
  });

  test('is a text only where all of it is ASCII, and the same bytes in any case, with the length of its body', () => {
    const given = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('\udce9', '\ud800', 'é', ''));
    fc.assert(
      fc.property(given, given, fc.boolean(), (header, body, hasBody) => {
        const written = compileWritten(
          {
            ...get,
            method: 'PUT',
            headers: [['x', ofUser(() => header)]],
            ...(hasBody ? { body: ofUser(() => body) } : {}),
          },
          parseOrigin('http://shop.example'),
        ) as (user: User) => string | Buffer;
        const made = written(user);
        const content = octetsOf(hasBody ? body : '');
        const head = octetsOf(
          `PUT / HTTP/1.1\r\nhost: shop.example\r\nx: ${header}\r\ncontent-length: ${content.length}\r\n\r\n`,
        );
        const bytes = typeof made === 'string' ? Buffer.from(made, 'latin1') : made;
        expect(bytes.toString('hex')).toBe(Buffer.concat([head, content]).toString('hex'));
        if (typeof made === 'string') expect(made).toMatch(/^[\0-\x7f]*$/u);
      }),
    );
  });

  test.each(['POST', 'PUT', 'PATCH'])('a %s without a body says so', (method) => {
    expect(write({ method })).toContain('\r\ncontent-length: 0\r\n\r\n');
  });

  test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('a %s without a body says nothing of its length', (method) => {
    expect(write({ method })).not.toContain('content-length');
  });

  test("a step's own host replaces that of the origin, and its own length gives way to the true one", () => {
    const text = write({
      method: 'POST',
      headers: [
        ['host', 'other.example'],
        ['content-length', '99'],
      ],
      body: 'abc',
    });
    expect(text).toBe('POST / HTTP/1.1\r\nhost: other.example\r\ncontent-length: 3\r\n\r\nabc');
  });

  test('what cannot stand in a request line is percent-encoded', () => {
    for (const path of ['/a b/ü?q=\u{1f600}', ofUser(() => '/a b/ü?q=\u{1f600}')]) {
      expect(write({ path })).toContain('GET /a%20b/%C3%BC?q=%F0%9F%98%80 HTTP/1.1\r\n');
    }
    expect(write({ path: ofUser(() => '/\ud800') })).toContain('GET /%EF%BF%BD HTTP/1.1');
  });
});
