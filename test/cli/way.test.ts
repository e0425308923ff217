import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { Http2Server, saying } from '../conformance/http2-server.ts';
import { serverPem } from '../conformance/pem.ts';
import { TestProxy } from '../conformance/proxy.ts';
import { contendHere, root } from './contend.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const folder = join(root, 'test', 'conformance', 'certificates');
const scenario = (port: number, more: object = {}): string =>
  JSON.stringify({
    target: `https://shop.test:${port}`,
    destructive: true,
    load: { users: 6, iterations: 60, warmup: 0 },
    tls: { extraCa: join(folder, 'ca.pem') },
    before: [{ post: '/reset' }],
    steps: [{ post: '/a', json: { a: 1 } }],
    ...more,
  });

/** Runs a scenario from a folder of its own. */
const runOf = async (text: string, flags: readonly string[], env: { readonly [name: string]: string } = {}) => {
  const place = await mkdtemp(join(tmpdir(), 'contend-'));
  closing.push(async () => rm(place, { recursive: true }));
  const file = join(place, 'way.yaml');
  await writeFile(file, text);
  return contendHere(['run', file, '--json', '-q', ...flags], { env });
};

describe('the way to a target', () => {
  test('leads through the environment’s proxy in HTTP/2, every request of it, and its password is told nobody', async () => {
    const server = await Http2Server.open(saying('{}'));
    const proxy = await TestProxy.open({ credentials: 'user:s3cret-word' });
    closing.push(
      async () => server.close(),
      async () => proxy.close(),
    );
    const env = { https_proxy: proxy.url.replace('//', '//user:s3cret-word@'), NO_PROXY: 'other.test' };
    const { code, stdout, stderr } = await runOf(scenario(server.port), ['--http2'], env);
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(stdout) as Result;
    const [mode] = result.modes;
    expect(mode).toMatchObject({ transport: 'wire', httpVersion: '2' });
    const { total, unmeasured } = mode!.requests;
    expect(total).toBe(60);
    const sum = unmeasured.preflight + unmeasured.before + unmeasured.finalReads;
    expect(server.requests).toHaveLength(total + sum);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT shop.test:${server.port} HTTP/1.1 (user:s3cret-word)`]));
    expect(server.mostStreams).toBeGreaterThan(1);
    expect(stdout).not.toContain('s3cret-word');
  });

  test('is chosen for each host that a run goes to, also where a login goes to another one', async () => {
    const asked: string[] = [];
    const server = createPlainServer((request, response) => {
      asked.push(request.url!);
      response.end('{"token":"t"}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const proxy = await TestProxy.open();
    closing.push(
      async () => proxy.close(),
      async () => {
        server.closeAllConnections();
        await once(server.close(), 'close');
      },
    );
    const { port } = server.address() as AddressInfo;
    const [here, there] = [`http://127.0.0.1:${port}`, `http://desk.test:${port}`];
    const loggedIn = (target: string, login: string): string =>
      scenario(port, {
        target,
        before: [],
        login: [{ target: login, get: '/login' }],
        load: { users: 1, iterations: 2 },
      });
    for (const [target, login, through] of [
      [here, there, [`GET ${there}/login HTTP/1.1`]],
      [there, here, [`POST ${there}/a HTTP/1.1`]],
    ] as const) {
      asked.length = 0;
      proxy.asked.length = 0;
      const { code, stderr } = await runOf(loggedIn(target, login), [], { HTTP_PROXY: proxy.url });
      expect([code, stderr, new Set(proxy.asked)]).toEqual([0, '', new Set(through)]);
      expect(asked.filter((path) => path.endsWith('/login'))).toHaveLength(1);
      expect(asked).toHaveLength(3);
    }
  });

  test('to a target without HTTP/2 is one in HTTP/1.1, with a warning, on every thread, or none, as is wanted', async () => {
    let requests = 0;
    const server = createServer({ key: serverPem, cert: serverPem }, (_request, response) => {
      requests++;
      response.end('{}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    });
    const { port } = server.address() as AddressInfo;
    const flags = ['-w', '2', '--connect-to', `shop.test:443:127.0.0.1:${port}`];
    const refused = await runOf(scenario(443), [...flags, '--http2']);
    expect([refused.code, requests]).toEqual([96, 0]);
    expect(refused.stdout).toContain('does not offer HTTP/2 in TLS (ALPN)');
    const { code, stdout } = await runOf(scenario(443), flags, { CONTEND_HTTP2: 'auto' });
    expect(code).toBe(0);
    const { modes, generator } = JSON.parse(stdout) as Result;
    expect(modes[0]).toMatchObject({ httpVersion: '1.1', workers: 2, requests: { total: 60 } });
    expect(generator.warnings.map(({ code: of }) => of)).toContain('HTTP_1_1');
    expect(requests).toBe(61);
  });

  test('that the proxy refuses is an invalid run, told without its password; connectTo goes round it', async () => {
    const server = await Http2Server.open(saying('{}'));
    const proxy = await TestProxy.open({ credentials: 'user:other' });
    closing.push(
      async () => server.close(),
      async () => proxy.close(),
    );
    const flags = ['--http2', '--proxy', proxy.url.replace('//', '//user:s3cret-word@')];
    const refused = await runOf(scenario(server.port), flags);
    expect(refused.code).toBe(96);
    expect(refused.stdout).toContain(`proxy ${proxy.url}: it rejects these credentials (407)`);
    expect(refused.stdout + refused.stderr).not.toContain('s3cret-word');
    const round = ['--http2', '--connect-to', `shop.test:${server.port}:127.0.0.1:${server.port}`];
    const { code, stdout } = await runOf(scenario(server.port), round, { HTTPS_PROXY: 'http://127.0.0.1:9' });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Result).modes[0]!.httpVersion).toBe('2');
  });
});
