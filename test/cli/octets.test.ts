import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Http2Server } from '../conformance/http2-server.ts';
import { RawServer } from '../conformance/raw-server.ts';
import { contendHere } from './contend.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A request as a target got it, each byte one character. */
interface Seen {
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** What `/login` says beside what is asked for, each byte one character: `token` and the rest of `Location`. */
interface Said {
  readonly token: string;
  readonly location: string;
}

/** Starts a target; gives its origin and what it was asked after `/login`. */
type Open = (said: Said) => Promise<{ readonly origin: string; readonly seen: () => readonly Seen[] }>;

const plain: Open = async ({ token, location }) => {
  const server = await RawServer.open(({ path }) => {
    const more = path === '/login' ? `X-Token: ${token}\r\nSet-Cookie: c=${token}\r\nX-Next: ${location}\r\n` : '';
    const [status, to] = path === '/old' ? ['302 Found', `Location: ${location}\r\n`] : ['200 OK', ''];
    return { chunks: [`HTTP/1.1 ${status}\r\n${more}${to}Content-Length: 2\r\n\r\nok`] };
  });
  closing.push(async () => server.close());
  const seen = (): readonly Seen[] =>
    server.requests
      .filter(({ path }) => path !== '/login')
      .map(({ path, headers, body }) => ({
        path,
        headers: Object.fromEntries(headers),
        body: body.toString('latin1'),
      }));
  return { origin: server.origin, seen };
};

const http2: Open = async ({ token, location }) => {
  const server = await Http2Server.open((stream, { headers }) => {
    const path = headers[':path'];
    if (path === '/login') stream.respond({ 'x-token': token, 'set-cookie': `c=${token}`, 'x-next': location });
    else stream.respond(path === '/old' ? { ':status': 302, location } : {});
    stream.end('ok');
  });
  closing.push(async () => server.close());
  const seen = (): readonly Seen[] =>
    server.requests
      .filter(({ headers }) => headers[':path'] !== '/login')
      .map(({ headers, body }) => ({
        path: headers[':path']!,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        body: body.toString('latin1'),
      }));
  return { origin: server.origin.replace('shop.test', '127.0.0.1'), seen };
};

/** Runs steps, with flags, once. */
const runOf = async (origin: string, steps: readonly object[], flags: readonly string[], more: object = {}) => {
  const place = await mkdtemp(join(tmpdir(), 'contend-'));
  closing.push(async () => rm(place, { recursive: true }));
  const file = join(place, 'octets.yaml');
  const text = JSON.stringify({ target: origin, load: { users: 1, iterations: 1, warmup: 0 }, ...more, steps });
  await writeFile(file, text);
  return contendHere(['run', file, '-q', ...flags]);
};

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

const ways: readonly (readonly [name: string, open: Open, flags: readonly string[]])[] = [
  ['wire', plain, []],
  ['undici', plain, ['--transport', 'undici']],
  ['HTTP/2', http2, ['--http2', '-k']],
];

describe.each(ways)('bytes beyond ASCII over %s', (_name, open, flags) => {
  test.each([
    ['UTF-8', latin1('té€😀'), 't%C3%A9%E2%82%AC%F0%9F%98%80'],
    ['characters whose bytes are control characters of Latin-1', latin1('ÅÄ\u0085'), '%C3%85%C3%84%C2%85'],
    ['Latin-1', 't\xe9', 't%E9'],
    ['both', `\xe9${latin1('é')}\xff`, '%E9%C3%A9%FF'],
  ])('go from one answer into all that follows as they came: %s', async (_title, token, encoded) => {
    const { origin, seen } = await open({ token, location: `/next/${token}?q=${token}` });
    const steps = [
      { get: '/login', capture: { t: 'header["x-token"]', next: 'header["x-next"]' } },
      { get: '/use/${t}', query: { q: '${t}' }, headers: { 'x-token': '${t}' } },
      { post: '/form', form: { t: '${t}' }, auth: { bearer: '${t}' } },
      { post: '/text', text: '<${t}>', auth: { basic: { user: '${t}', password: 'p${t}' } } },
      { get: '${next}' },
      { get: '/old', redirects: 1 },
    ];
    const { code, stderr } = await runOf(origin, steps, flags, { cookies: true });
    expect([code, stderr]).toEqual([0, '']);
    const [used, form, text, followed, old, redirected, ...others] = seen();
    expect(others).toEqual([]);
    expect([used!.path, used!.headers['x-token']]).toEqual([`/use/${encoded}?q=${encoded}`, token]);
    expect([form!.body, form!.headers['authorization']]).toEqual([`t=${encoded}`, `Bearer ${token}`]);
    const basic = Buffer.from(`${token}:p${token}`, 'latin1').toString('base64');
    expect([text!.body, text!.headers['authorization']]).toEqual([`<${token}>`, `Basic ${basic}`]);
    for (const one of [used, form, text, followed, old]) expect(one!.headers['cookie']).toBe(`c=${token}`);
    expect([followed!.path, redirected!.path]).toEqual(
      Array.from({ length: 2 }, () => `/next/${encoded}?q=${encoded}`),
    );
  });

  test('of -H, of a scenario and of its credentials are sent as UTF-8', async () => {
    const { origin, seen } = await open({ token: '', location: '/' });
    const steps = [
      { get: '/a', headers: { 'x-a': 'té€😀' }, auth: { bearer: 'ü€' } },
      { get: '/b', auth: { basic: { user: 'Zoë', password: '€' } } },
    ];
    const { code, stderr } = await runOf(origin, steps, [...flags, '-H', 'x-token: té€']);
    expect([code, stderr]).toEqual([0, '']);
    const [a, b] = seen();
    expect([a!.headers['x-a'], a!.headers['x-token']]).toEqual([latin1('té€😀'), latin1('té€')]);
    expect(a!.headers['authorization']).toBe(`Bearer ${latin1('ü€')}`);
    expect(b!.headers['authorization']).toBe(`Basic ${Buffer.from('Zoë:€').toString('base64')}`);
  });

  test('are compared as the characters that they are', async () => {
    const { origin } = await open({ token: latin1('té€'), location: '/' });
    const expected = { status: 200, headers: { 'x-token': 'té€' } };
    const { code, stderr } = await runOf(origin, [{ get: '/login', expect: expected }], flags);
    expect([code, stderr]).toEqual([0, '']);
  });
});
