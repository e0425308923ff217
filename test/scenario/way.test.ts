import { describe, expect, test } from 'vitest';
import { isExempt } from '../../src/scenario/layers/no-proxy.ts';
import { linesOf, modeOf, planOf, smallest } from './reading.ts';

const secure = 'target: https://shop.test\nsteps: [{ get: /products }]\n';
const environment = (variables: { readonly [name: string]: string }) => ({ environment: { variables, flags: {} } });
const proxyOf = (text: string, variables: { readonly [name: string]: string } = {}): string | undefined =>
  modeOf(text, 'lock-free', { ...environment(variables), allowedHosts: ['other.test'] }).proxy;

describe('keepAlive', () => {
  test('is on unless it is said to be off, for all modes or for one', () => {
    expect(modeOf(secure, 'lock-free').keepAlive).toBeUndefined();
    const text = `${secure}keepAlive: false\nmodes: { anew: none, kept: { keepAlive: true } }\n`;
    expect([modeOf(text, 'anew').keepAlive, modeOf(text, 'kept').keepAlive]).toEqual([false, undefined]);
  });

  test.each(['http2: true', 'http2: auto', 'http2: { streams: 4 }'])('off is refused beside %s', (http2) => {
    expect(linesOf(`${secure}${http2}\nkeepAlive: false\n`)).toEqual([
      'shop.yaml:4:12 HTTP/2 shares its connections: a new one for each request is HTTP/1.1 (leave it out, or http2: false)',
    ]);
  });

  test('in place of a header that no scenario sets', () => {
    expect(linesOf(`${secure}headers: { Connection: close }\n`)).toEqual([
      'shop.yaml:3:12 the header "connection" cannot be set (keepAlive: false gives each request a new connection)',
    ]);
  });
});

describe('a proxy', () => {
  test.each([
    ['http://proxy.test:3128', 'http://proxy.test:3128'],
    ['proxy.test:3128', 'http://proxy.test:3128'],
    ['https://us%40er:p%3Aw@proxy.test/', 'https://us%40er:p%3Aw@proxy.test'],
    ['"[::1]:3128"', 'http://[::1]:3128'],
  ])('%s is %s', (written, proxy) => {
    expect(proxyOf(`${secure}proxy: ${written}\n`)).toBe(proxy);
  });

  test.each([
    [
      'socks5://proxy.test:1080',
      'SOCKS proxies are not supported (an HTTP proxy, such as http://proxy.example.com:3128, or none)',
    ],
    [
      'http://proxy.test/path',
      'the address of a proxy ends with its port (such as http://proxy.example.com:3128, or none)',
    ],
    ['"http://a b"', 'this is not the address of a proxy (such as http://proxy.example.com:3128, or none)'],
    ['5', 'expected the address of a proxy (such as http://proxy.example.com:3128, or none)'],
    [
      '"http://u:100%@proxy.test"',
      'a "%" in the credentials of a proxy is written "%25" (such as http://proxy.example.com:3128, or none)',
    ],
    [
      'http://169.254.169.254',
      'no load is ever sent to "169.254.169.254" (it hands out the credentials of a machine, or is link-local; --allow-host does not allow it either)',
    ],
  ])('%s is refused', (written, message) => {
    expect(linesOf(`${secure}proxy: ${written}\n`)).toEqual([`shop.yaml:3:8 ${message}`]);
  });

  test('has credentials that are masked, with a scheme or without, and in the environment', () => {
    for (const written of ['http://user:s3cret-word@proxy.test', 'user:s3cret-word@proxy.test'])
      expect(planOf(`${secure}proxy: ${written}\n`).secrets).toContain('s3cret-word');
    const { secrets } = planOf(secure, environment({ https_proxy: 'user:s3cret-word@proxy.test' }));
    expect(secrets).toContain('s3cret-word');
  });

  test('leads to no unix socket', () => {
    expect(linesOf('target: http://unix:/run/app.sock\nproxy: http://proxy.test\nsteps: [{ get: / }]\n')).toEqual([
      'shop.yaml:2:8 there is no way to a unix socket through a proxy (leave it out, or proxy: none)',
    ]);
  });

  test('on another machine makes a write of what would be this machine’s alone', () => {
    const text = 'target: http://localhost\nproxy: http://proxy.test\nsteps: [{ post: / }]\n';
    const settings = [{ path: ['destructive'], value: false, from: 'a test' }];
    expect(linesOf(text, { settings })[0]).toContain('this writes to "proxy.test", which is not this machine');
    expect(linesOf(text.replace('proxy.test', '127.0.0.1'), { settings })).toEqual([]);
  });
});

describe('a proxy of the environment', () => {
  test.each([
    [secure, { HTTPS_PROXY: 'http://a:1' }, 'http://a:1'],
    [secure, { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' }, 'http://b:1'],
    [secure, { HTTP_PROXY: 'http://a:1' }, undefined],
    [secure, { ALL_PROXY: 'http://a:1' }, 'http://a:1'],
    [secure, { ALL_PROXY: 'http://a:1', HTTPS_PROXY: '' }, 'http://a:1'],
    [smallest, { http_proxy: 'a:1', HTTPS_PROXY: 'http://b:1' }, 'http://a:1'],
    [secure, { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'other.test, .test' }, undefined],
    [`${secure}proxy: none\n`, { HTTPS_PROXY: 'http://a:1' }, undefined],
    [`${secure}proxy: http://b:1\n`, { HTTPS_PROXY: 'http://a:1' }, 'http://b:1'],
    [`${secure}connectTo: { 'shop.test:443': '127.0.0.1:8443' }\n`, { HTTPS_PROXY: 'http://a:1' }, undefined],
    ['target: http://localhost:80\nsteps: [{ get: / }]\n', { HTTP_PROXY: 'http://a:1' }, undefined],
    ['target: http://[::1]\nsteps: [{ get: / }]\n', { HTTP_PROXY: 'http://a:1' }, undefined],
    ['target: http://unix:/run/app.sock\nsteps: [{ get: / }]\n', { ALL_PROXY: 'http://a:1' }, undefined],
    ['target: builtin:store\nsteps: [{ get: / }]\n', { ALL_PROXY: 'http://a:1' }, undefined],
  ])('%j with %j is %s', (text, variables, proxy) => {
    expect(proxyOf(text, variables)).toBe(proxy);
  });

  test('that cannot be spoken with is refused at its name', () => {
    expect(linesOf(secure, environment({ ALL_PROXY: 'socks5://a:1' }))).toEqual([
      'ALL_PROXY SOCKS proxies are not supported (an HTTP proxy, such as http://proxy.example.com:3128, or none)',
    ]);
  });
});

describe('a proxy of the environment for the hosts of a login', () => {
  const login = (...targets: string[]): string =>
    `login: [${targets.map((target) => `{ get: /, target: "${target}" }`).join(', ')}]\n`;
  const desk = 'https://desk.test';
  test.each([
    // The same for both hosts: nothing has to be said.
    [secure + login(desk), { HTTPS_PROXY: 'a:1' }, 'http://a:1', undefined],
    [secure + login(desk), {}, undefined, undefined],
    [secure, { HTTPS_PROXY: 'a:1', NO_PROXY: 'shop.test' }, undefined, undefined],
    [secure + login(desk), { HTTPS_PROXY: 'a:1', NO_PROXY: 'desk.test' }, 'http://a:1', {}],
    [secure + login(desk), { HTTPS_PROXY: 'a:1', NO_PROXY: 'shop.test' }, undefined, { [desk]: 'http://a:1' }],
    [
      secure + login('http://desk.test/auth/', 'http://localhost:9'),
      { HTTPS_PROXY: 'a:1', HTTP_PROXY: 'b:2' },
      'http://a:1',
      { 'http://desk.test/auth': 'http://b:2' },
    ],
    [`${smallest}${login(desk)}`, { HTTPS_PROXY: 'a:1' }, undefined, { [desk]: 'http://a:1' }],
    [`${secure}connectTo: { 'desk.test:443': '127.0.0.1:1' }\n${login(desk)}`, { ALL_PROXY: 'a:1' }, 'http://a:1', {}],
    // What the scenario says itself is for all hosts.
    [
      `${secure}proxy: http://b:1\n${login(desk)}`,
      { HTTPS_PROXY: 'a:1', NO_PROXY: 'desk.test' },
      'http://b:1',
      undefined,
    ],
    [`${secure}proxy: none\n${login(desk)}`, { HTTPS_PROXY: 'a:1' }, undefined, undefined],
  ])('%j with %j', (text, variables, proxy, proxies) => {
    const mode = modeOf(text, 'lock-free', environment(variables));
    expect([mode.proxy, mode.loginProxies]).toEqual([proxy, proxies]);
  });

  test.each(['socks5://a:1', 'http://169.254.169.254'])('is refused where it is %s', (value) => {
    const variables = { HTTPS_PROXY: value, NO_PROXY: 'shop.test' };
    expect(linesOf(secure + login(desk), environment(variables))[0]).toMatch(/^HTTPS_PROXY (?:SOCKS proxies|no load)/);
  });
});

test.each([
  ['*', 'shop.test', true],
  ['shop.test', 'shop.test', true],
  ['shop.test', 'api.shop.test', true],
  ['shop.test', 'myshop.test', false],
  ['.shop.test', 'api.shop.test', true],
  ['.shop.test', 'shop.test', false],
  ['*.shop.test', 'api.shop.test', true],
  ['SHOP.test.', 'shop.test', true],
  ['shop.test:443', 'shop.test', true],
  ['shop.test:80', 'shop.test', false],
  ['a, b  shop.test', 'shop.test', true],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['10.0.0.0/40', '10.1.2.3', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3:443', '10.1.2.3', true],
  ['[fd00::1]:443', 'fd00::1', true],
  ['fd00::/8', 'fd12::1', true],
  ['', 'shop.test', false],
])('NO_PROXY %j names %s: %s', (list, host, is) => {
  expect(isExempt({ host, port: 443 }, list)).toBe(is);
});

describe('HTTP/2', () => {
  const transportOf = (more: string) => modeOf(secure + more, 'lock-free').transport;
  const spoken = (more: { readonly [option: string]: unknown } = {}) => ({
    name: 'wire',
    options: { http2: { streams: 100, connections: 1, mayFallBack: false, ...more } },
  });

  test('is asked for in a word, or in a map that says how connections are shared', () => {
    expect(transportOf('http2: true\n')).toEqual(spoken());
    expect(transportOf('http2: auto\n')).toEqual(spoken({ mayFallBack: true }));
    expect(transportOf('http2: { streams: 4 }\n')).toEqual(spoken({ streams: 4 }));
    expect(transportOf('http2: { connections: 8, auto: true }\n')).toEqual(
      spoken({ connections: 8, mayFallBack: true }),
    );
    expect(transportOf('transport: wire\nhttp2: true\n')).toEqual(spoken());
    expect(transportOf('http2: false\n')).toEqual({ name: 'wire', options: {} });
    expect(transportOf('transport: undici\nhttp2: false\n')).toEqual({ name: 'undici', options: {} });
    expect(modeOf(`${smallest}http2: true\n`, 'lock-free').transport).toEqual(spoken());
    expect(modeOf(`${smallest}http2: { auto: false }\n`, 'lock-free').transport).toEqual(spoken());
  });

  test.each([
    [
      `${secure}transport: undici\nhttp2: true\n`,
      '3:12 undici only speaks HTTP/1.1 (leave "transport" out, or say http2: false)',
    ],
    [
      `${smallest}http2: auto\n`,
      '3:8 over http:// nothing is negotiated, so contend cannot find out what the target speaks (http2: true if you know that it speaks it, else http2: false)',
    ],
    [
      `${smallest}http2: { auto: true }\n`,
      '3:16 over http:// nothing is negotiated, so contend cannot find out what the target speaks (http2: true if you know that it speaks it, else http2: false)',
    ],
    [`${secure}transport: { undici: { streams: 4 } }\n`, '3:24 unknown key "streams"'],
    [`${secure}http2: { streams: 0 }\n`, '3:19 expected at least 1, got the number 0'],
    [`${secure}http2: { stream: 4 }\n`, '3:10 unknown key "stream" (did you mean "streams"?)'],
    [
      `${secure}http2: maybe\n`,
      '3:8 expected true, false or auto, got text "maybe" (or { streams: 100, connections: 1 })',
    ],
  ])('%j is refused', (text, line) => {
    expect(linesOf(text)).toEqual([`shop.yaml:${line}`]);
  });
});

describe('connectTo', () => {
  test('goes into the mode, and its hosts are those of the scenario', () => {
    const text = `${secure}connectTo: { 'shop.test:443': '10.0.0.5:8443' }\n`;
    expect(modeOf(text, 'lock-free').connectTo).toEqual({ 'shop.test:443': '10.0.0.5:8443' });
    const settings = [{ path: ['connectTo', 'shop.test:443'], value: '10.0.0.5:8443', from: '--connect-to' }];
    expect(linesOf(secure, { settings })).toEqual([
      '--connect-to "10.0.0.5" is neither this machine nor named in the scenario (if you may put it under load: --allow-host 10.0.0.5)',
    ]);
  });

  test.each([
    [
      "{ 'shop.test': '127.0.0.1:80' }",
      '3:14 expected the host and the port of an address, got "shop.test" (such as "api.example.com:443": 127.0.0.1:8443)',
    ],
    [
      "{ 'shop.test:443': '127.0.0.1' }",
      '3:31 expected a host and a port, got text "127.0.0.1" (such as 127.0.0.1:8443 or "[::1]:8443")',
    ],
    [
      "{ 'shop.test:443': '169.254.169.254:80' }",
      '3:31 no load is ever sent to "169.254.169.254" (it hands out the credentials of a machine, or is link-local; --allow-host does not allow it either)',
    ],
  ])('%s is refused', (written, line) => {
    expect(linesOf(`${secure}connectTo: ${written}\n`)).toEqual([`shop.yaml:${line}`]);
  });
});
