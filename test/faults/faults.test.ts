import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertNoLeftovers, built, root, start, startProgram } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';
import { openFaultServer, type FaultServer } from './open.ts';
import {
  iterations,
  leftIn,
  openFolder,
  reported,
  reportedThere,
  scenarioOf,
  type Asked,
  type Folder,
  type Load,
} from './run.ts';

let server: FaultServer;
let folder: Folder;

beforeAll(async () => {
  [server, folder] = await Promise.all([openFaultServer(), openFolder()]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
beforeEach(async () => server.forget());
afterEach(assertNoLeftovers);

/** One mode of one request, in a file. */
const asking = async ({ origin = server.origin, users, load, connect, ...asked }: Asked & Partial<Load>) =>
  folder.file(
    'fault.yaml',
    scenarioOf(
      { asking: asked },
      {
        origin,
        ...(users === undefined ? {} : { users }),
        ...(load === undefined ? {} : { load }),
        ...(connect === undefined ? {} : { connect }),
      },
    ),
  );

describe('an idle connection that the server closes', () => {
  test.each(['post', 'put'] as const)('as a %s is on its way is a reset, and not tried again', async (method) => {
    const { code, document, report } = await reported(await asking({ path: '/idle-reset', method, users: 1 }));
    const mode = document.modes[0]!;
    expect(code).toBe(0);
    // After the second time each has a connection of its own.
    expect(mode.iterations).toMatchObject({ begun: iterations, completed: iterations - 2, failed: 2 });
    expect(mode.requests).toMatchObject({ byStatus: { '200': iterations - 2 }, byError: { reset: 2 } });
    expect(report).toMatch(/asking reset 2 ask: /u);
    expect(await server.counts()).toEqual({ [`${method.toUpperCase()} /idle-reset`]: iterations });
  });

  test.each(['0', '1', '2'])('%s ms after its answer never makes a request come twice', async (ms) => {
    const path = `/idle-race/${ms}`;
    const { document } = await reported(await asking({ path, users: 8, load: 'iterations: 400' }));
    const mode = document.modes[0]!;
    const { reset = 0, ...others } = mode.requests.byError;
    expect(others).toEqual({});
    expect(mode.requests.total).toBe(400);
    // A reset may have met the request before the server had read it; what was answered was read, once.
    const seen = (await server.counts())[`POST ${path}`]!;
    expect(seen).toBeGreaterThanOrEqual(400 - reset);
    expect(seen).toBeLessThanOrEqual(400);
  });
});

describe('a target that cannot be reached', () => {
  test('by a name that does not exist is reported as dns', async () => {
    const { code, document, report } = await reported(
      await asking({ origin: 'http://no-such-host.invalid', path: '/' }),
    );
    expect(code).toBe(96);
    expect(document).toMatchObject({ modes: [], invalid: { code: 'ERR_TARGET_UNREACHABLE' } });
    expect(report).toContain('INVALID http://no-such-host.invalid cannot be reached (dns): getaddrinfo');
    expect(report).toContain('Is the name spelled right');
  });

  test('because its certificate is not trusted is reported as tls, with the remedy', async () => {
    const { code, report } = await reported(await asking({ origin: server.tlsOrigin, path: '/ok' }));
    expect(code).toBe(96);
    expect(report).toContain(`INVALID ${server.tlsOrigin} cannot be reached (tls): self-signed certificate`);
    expect(report).toContain('NODE_EXTRA_CA_CERTS');
    expect(await server.counts()).toEqual({});
  });

  test('is reached once its certificate is known', async () => {
    const file = await asking({ origin: server.tlsOrigin, path: '/ok' });
    const env = { NODE_EXTRA_CA_CERTS: `${root}test/faults/self-signed.pem` };
    expect((await reportedThere(file, env)).document.modes[0]).toMatchObject({ iterations: { completed: iterations } });
  });

  test('because it speaks no TLS is reported as tls', async () => {
    const origin = server.plainOrigin.replace('http:', 'https:');
    const { code, report } = await reported(await asking({ origin, path: '/ok' }));
    expect(code).toBe(96);
    expect(report).toContain('cannot be reached (tls)');
  });
});

describe('a target that goes away midway', () => {
  test('gives resets and refused connections, and what it had answered', async () => {
    await using mortal = await openFaultServer();
    const file = await asking({ origin: mortal.origin, path: '/refuses-after/3', users: 1 });
    const { code, document, report } = await reported(file);
    const mode = document.modes[0]!;
    expect(code).toBe(0);
    expect(mode.iterations).toMatchObject({ begun: 6, completed: 3, failed: 3 });
    expect(mode.requests.byError).toEqual({ reset: 1, connect: 2 });
    expect(report).toMatch(/connect +\d+ +ask: connect ECONNREFUSED/u);
    expect(await mortal.counts()).toEqual({ 'POST /refuses-after/3': leftIn(mode) });
  });

  test('that accepts no connection any more gives failed connects and timeouts', async () => {
    await using mortal = await openFaultServer(4);
    mortal.freeze();
    const { code, document, report } = await reported(
      await asking({
        origin: mortal.origin,
        path: '/ok',
        users: 12,
        load: 'iterations: 12',
        connect: '1s',
        timeout: '200ms',
      }),
    );
    const { byError, byStatus } = document.modes[0]!.requests;
    expect(code).toBe(96);
    expect(byStatus).toEqual({});
    expect(Object.keys(byError).toSorted()).toEqual(['connect', 'timeout']);
    expect(report).toMatch(/connect +\d+ +ask: no connection within 1000 ms/u);
  });
});

// A limit that is too low from the beginning is refused: what is left is files that somebody else opens.
describe('users for whom no open file is left', () => {
  test('fail as generator; the others work, and nothing crashes', async () => {
    const file = await asking({ path: '/late/1', users: 200, load: 'iterations: 2000' });
    const command = `ulimit -n 320 && exec "$0" "$@"`;
    const args = ['-c', command, process.execPath, built, 'run', file, '--json', '-q'];
    const NODE_OPTIONS = `--import=${new URL('./open-files.mjs', import.meta.url).href}`;
    const ended = await startProgram('sh', args, { env: { NODE_OPTIONS } }).ended;
    expect(ended).toMatchObject({ signal: null, stderr: '' });
    // Undecided where those who fail at once were more than those who waited for an answer.
    expect([0, 97]).toContain(ended.code);
    expect(ended.durationMs).toBeLessThan(20_000);
    const document = documentOf(ended.stdout);
    const mode = document.modes[0]!;
    expectIdentities(mode);
    expect(Object.keys(mode.requests.byError)).toEqual(['generator']);
    expect(mode.iterations.completed).toBeGreaterThan(20);
    expect(mode.failuresByClass.generator?.example).toMatch(/EMFILE.*ulimit -n/u);
    expect(await server.counts()).toEqual({ 'POST /late/1': leftIn(mode) });
  });
});

// Linux tells the most memory that a process has had.
describe.runIf(existsSync('/proc/self/status'))('a body without end that nobody reads', () => {
  test('takes no memory until the timeout', async () => {
    const file = await asking({ path: '/endless', users: 1, load: 'iterations: 1', timeout: '1500ms' });
    const run = start(['run', file, '--json', '-q']);
    let mostKb = 0;
    while (run.child.exitCode === null) {
      mostKb = Math.max(mostKb, peakKbOf(run.child.pid!));
      await pause(50);
    }
    expect(documentOf((await run.ended).stdout).modes[0]).toMatchObject({ failuresByClass: { timeout: { count: 1 } } });
    expect(mostKb).toBeGreaterThan(0);
    expect(mostKb).toBeLessThan(250_000);
  });
});

const peakKbOf = (pid: number): number => {
  try {
    return Number(/^VmHWM:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    // It has ended.
    return 0;
  }
};
