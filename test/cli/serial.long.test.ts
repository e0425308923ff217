import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { openSerial, type Serving } from '../serial-server.ts';
import { contend, contendHere } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';

const folder = mkdtempSync(join(tmpdir(), 'serial-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Servers whose workers have one connection at a time. */
const servers: readonly (readonly [name: string, serving: Serving])[] = [
  ['one worker, which closes after each answer', { workers: 1, until: 'answered' }],
  ['one worker, bound to a connection until it is closed', { workers: 1, until: 'closed' }],
  ['four workers, bound to a connection each', { workers: 4, until: 'closed' }],
  ['one worker, which leaves a connection that is idle for a second', { workers: 1, until: { idleMs: 1000 } }],
];

/** Locks that let one user in at a time, of whom there are eight. */
const exclusive: readonly (readonly [name: string, lock: string])[] = [
  ['mutex', 'mutex'],
  ['two locks', 'request-response'],
  ['two locks, nested', '{ request-response: { nested: true } }'],
  ['a semaphore of one', '{ semaphore: 1 }'],
  ['one key', '{ keyed: "${item}" }'],
  ['writers', 'read-write'],
];

let files = 0;
const scenario = (origin: string, load: string, modes: string, more = ''): string => {
  const file = join(folder, `${++files}.yaml`);
  writeFileSync(
    file,
    `target: ${origin}
load: { ${load} }
data: { item: 1..1 }
rounds: 1
steps: [{ critical: [{ name: read, get: /read }, { name: write, put: /write }] }]
modes: { ${modes} }
${more}
`,
  );
  return file;
};

const run = async (file: string, ...flags: readonly string[]): Promise<Result> => {
  const { stdout } = await contendHere(['run', file, '--json', '-q', ...flags]);
  return documentOf(stdout);
};

describe.each(servers)('%s', (_name, serving) => {
  test.each(exclusive)('serves all of a closed load under %s', async (_lock, lock) => {
    for (const transport of ['wire', 'undici']) {
      await using server = await openSerial(serving);
      const file = scenario(server.origin, 'users: 8, iterations: 60', `locked: { lock: ${lock} }`);
      const { exitCode, modes, generator } = await run(file, '--transport', transport);
      expect([exitCode, generator.warnings.filter(({ code }) => code === 'TARGET_SERIAL')]).toEqual([0, []]);
      expect(modes[0]).toMatchObject({ iterations: { completed: 60, failed: 0 }, failuresByClass: {} });
      expectIdentities(modes[0]!);
      expect(server.requests).toHaveLength(120);
    }
  });

  test('serves an open load with a lock and without one about as fast as it can', async () => {
    await using server = await openSerial({ ...serving, workMs: 5 });
    const load = 'users: 4, rate: 5/s, duration: 3s, warmup: 0s';
    const { modes } = await run(scenario(server.origin, load, 'locked: mutex, free: none'));
    for (const mode of modes) {
      expect(mode).toMatchObject({ iterations: { completed: 15, failed: 0, dropped: 0 } });
      // Behind an idle connection it would be a second, or until a request times out.
      expect(mode.responseTimeUs.p50).toBeLessThan(500_000);
    }
  });

  test('serves the values before and after a slot, and logins', async () => {
    await using server = await openSerial(serving);
    const file = join(folder, `${++files}.yaml`);
    writeFileSync(
      file,
      `target: ${server.origin}
load: { users: 8, iterations: 24 }
data: { item: 1..12 }
rounds: 1
login: [{ post: /login }]
steps: [{ critical: [{ name: add, post: '/add/\${item}' }] }]
modes: { locked: mutex }
consistency: { counter: { key: '\${item}', add: { step: add, by: 0 }, read: { get: '/count/\${key}', value: status } } }
`,
    );
    const { modes, invalid } = await run(file);
    expect(invalid).toBeUndefined();
    expect(modes[0]).toMatchObject({
      iterations: { completed: 24, failed: 0 },
      // The reader logs in, too.
      requests: { unmeasured: { login: 9, finalReads: 24 } },
    });
  });
});

describe('without a lock', () => {
  test.each<readonly [string, Serving, number]>([
    ['one worker, bound to a connection until it is closed', { workers: 1, until: 'closed' }, 1],
    ['four workers, bound to a connection each', { workers: 4, until: 'closed' }, 4],
    ['one worker, which leaves an idle connection', { workers: 1, until: { idleMs: 1000 } }, 1],
  ])('%s leave users out, which is told, over both transports', async (_name, serving, answering) => {
    for (const transport of ['wire', 'undici']) {
      await using server = await openSerial(serving);
      const flags = ['-c', '8', '-d', '2s', '-t', '3s', '--transport', transport];
      const { generator, modes } = await run(server.origin, ...flags);
      const told = generator.warnings.find(({ code }) => code === 'TARGET_SERIAL');
      expect(told?.message).toContain(`answers on ${answering} of 8 open connections at a time`);
      expect(generator.warnings.map(({ code }) => code)).toContain('UNFAIR');
      expect(modes[0]!.iterations.completed).toBeGreaterThan(0);
    }
  });

  test('one that closes after each answer serves all in turn, and nothing is told of it', async () => {
    await using server = await openSerial({ workers: 1, until: 'answered' });
    const { generator, modes } = await run(server.origin, '-c', '8', '-d', '2s');
    expect(modes[0]).toMatchObject({ iterations: { failed: 0 } });
    expect(modes[0]!.hung).toBeUndefined();
    const codes = generator.warnings.map(({ code }) => code);
    expect(codes.filter((code) => code === 'TARGET_SERIAL' || code === 'UNFAIR')).toEqual([]);
  });

  test('--no-keepalive gives each request its turn', async () => {
    await using server = await openSerial({ workers: 1, until: { idleMs: 60_000 } });
    const { generator, modes } = await run(server.origin, '-c', '8', '-n', '80', '--no-keepalive');
    expect(modes[0]).toMatchObject({ iterations: { completed: 80, failed: 0 } });
    expect(generator.warnings.map(({ code }) => code)).not.toContain('TARGET_SERIAL');
  });
});

/** Python 3, or why it cannot be asked. */
const python = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined;

const program = `
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class H(BaseHTTPRequestHandler):
    protocol_version = sys.argv[1]
    def do_GET(self):
        self.send_response(200); self.send_header('content-length', '2'); self.end_headers(); self.wfile.write(b'ok')
    def log_message(self, *a): pass
HTTPServer.request_queue_size = 128
s = HTTPServer(('127.0.0.1', 0), H)
print(s.server_address[1], flush=True)
s.serve_forever()
`;

describe.skipIf(python === undefined)(`Python's HTTPServer${python === undefined ? ' (no python3 here)' : ''}`, () => {
  test.each(['HTTP/1.0', 'HTTP/1.1'])('over %s serves a mutex in a process of its own', async (version) => {
    const server = spawn('python3', ['-c', program, version], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [port] = (await once(createInterface(server.stdout), 'line')) as [string];
      const flags = ['-c', '8', '-n', '40', '--modes', 'mutex', '--json', '-q'];
      const { code, stdout } = await contend(['run', `http://127.0.0.1:${port}/`, ...flags]);
      expect(code).toBe(0);
      expect(documentOf(stdout).modes[0]).toMatchObject({ iterations: { completed: 40, failed: 0 } });
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
});
