import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSerial } from '../serial-server.ts';
import { contendHere } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';
import { openServer } from './server.ts';

describe('a server with one worker, bound to a connection until that is closed', () => {
  test.each(['wire', 'undici'])('serves a mutex over %s, whose users need one connection', async (transport) => {
    await using server = await openSerial({ workers: 1, until: 'closed' });
    const flags = ['-c', '8', '-n', '40', '--modes', 'mutex', '--transport', transport, '--json', '-q'];
    const { code, stdout } = await contendHere(['run', server.origin, ...flags]);
    const [mode] = documentOf(stdout).modes;
    expect(code).toBe(0);
    expect(mode).toMatchObject({ iterations: { completed: 40, failed: 0 }, connectUs: { count: 1 } });
    expect(mode!.requests.unmeasured).toMatchObject({ preflight: 0, warmup: 0 });
    expectIdentities(mode!);
    // That of the preflight, which is closed before.
    expect(server.connections()).toBe(2);
    expect(server.requests).toHaveLength(40);
  });
});

describe('a target is connected to before anything is measured, and nothing is sent', () => {
  test('so that one which hangs up on all but the address is measured', async () => {
    await using server = await openServer((request) => (request === 'GET /hello' ? 200 : 500));
    const { code } = await contendHere(['run', `${server.origin}/hello`, '-n', '3', '-c', '1', '-q', '--json']);
    expect(code).toBe(0);
    expect(server.requests).toEqual(['GET /hello', 'GET /hello', 'GET /hello']);
  });

  test('so that what is no HTTP is found by the first slot, and the run ends there', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket
        .on('error', () => undefined)
        .resume()
        .end('220 mail.example.com ESMTP\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const flags = ['-n', '600', '-c', '2', '--rounds', '6', '--modes', 'mutex,none', '--json', '-q'];
    const { code, stdout } = await contendHere(['run', `http://127.0.0.1:${port}`, ...flags]);
    await once(server.close(), 'close');
    const document = documentOf(stdout);
    expect(code).toBe(96);
    expect(document.invalid?.code).toBe('ERR_NOTHING_COMPLETED');
    expect(document.modes.map(({ slots }) => slots.length)).toEqual([1]);
    expect(connections).toBeGreaterThan(1);
  });
});

test('a target that hangs is told with the requests of the warm-up that it holds: in the headline, among the failures, in the document', async () => {
  await using server = await openServer(() => undefined);
  const out = mkdtempSync(join(tmpdir(), 'hung-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const flags = ['-c', '3', '--warmup', '1s', '-d', '100ms', '-t', '1200ms', '-q', '-o', out];
  const { code, stdout } = await contendHere(['run', server.origin, ...flags]);
  expect(code).toBe(96);
  expect(stdout).toMatch(
    /INVALID {2}no request completed: 3 requests of the warm-up hung: GET \/: no answer\s+within 1200 ms\./u,
  );
  expect(stdout).toMatch(/failed {4}3 {3}timeout: begun in the warm-up: GET \/: no answer within 1200 ms/u);
  expect(documentOf(readFileSync(join(out, 'result.json'), 'utf8')).modes[0]).toMatchObject({
    iterations: { begun: 0, completed: 0, failed: 0 },
    failuresByClass: {},
    hung: { timeout: { count: 3, example: 'GET /: no answer within 1200 ms' } },
    requests: { total: 0, unmeasured: { warmup: 3 } },
  });
  expect(server.requests).toHaveLength(3);
});

test.each(['127.0.0.1:3000/x', 'localhost/x', 'localhost:3000', '[::1]:3000/x', 'example.com', 'shop:8080/x?a=b'])(
  '%s is asked whether an address is meant',
  async (named) => {
    const { code, stderr } = await contendHere(['run', named]);
    expect(code).toBe(2);
    expect(stderr).toContain(`An address begins with its scheme. Is http://${named} meant?`);
  },
);

test.each(['missing.yaml', 'folder.d/missing.yml', 'missing'])('%s is a file that is missing', async (named) => {
  const { code, stderr } = await contendHere(['run', named]);
  expect(code).toBe(2);
  expect(stderr).toContain('contend init writes one');
});
