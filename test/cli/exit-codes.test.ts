import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Result } from '../../src/core/result/result.ts';
import { assertNoLeftovers, contend, contendHere, matching, root, start, type Ended, type Running } from './contend.ts';
import { documentOf, expectAllFields, expectIdentities } from './document.ts';
import { scriptedHost } from './host.ts';
import { childrenOf, livingOf } from './processes.ts';
import { openMute, openServer, refusingOrigin } from './server.ts';

const scenario = 'scenarios/online-store.yaml';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-exit-codes-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

afterEach(assertNoLeftovers);

/** A scenario file; its name stands in what contend says of it. */
const fileOf = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};

/** Two modes, 20 iterations each, one request per iteration. */
const reading = async (origin: string, more = ''): Promise<string> =>
  fileOf(
    'reading.yaml',
    `
target: ${origin}
rounds: 1
load: { users: 4, iterations: 20 }
steps: [{ name: read, get: /products/1 }]
modes: { locked: mutex, lock-free: none }
${more}`,
  );

describe('0', () => {
  test('is the end of a run with nothing to complain about, and of --version and --help', async () => {
    await using server = await openServer(() => 200);
    const ended = await contend(['run', await reading(server.origin), '-q']);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(server.requests.filter((request) => request === 'GET /products/1')).toHaveLength(40);
    expect(await contendHere(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u) as unknown,
      stderr: '',
    });
    const help = await contendHere(['run', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--workers');
  });
});

describe('2', () => {
  /** What is refused, with a server in reach that must not hear of it. */
  const refused = async (argv: readonly string[], env: { readonly [name: string]: string } = {}) => {
    await using server = await openServer(() => 200);
    const ended = await contendHere(argv, { env: { CONTEND_TARGET: server.origin, ...env } });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect([server.connections(), server.requests]).toEqual([0, []]);
    return ended;
  };

  test.each(['http://localhost:9/x', 'my/shop.yaml'])('is that of %s in place of a command', async (first) => {
    const { stderr } = await refused([first]);
    expect(stderr).toBe(`contend: ${first} is not a command.\ncontend run ${first}\n`);
  });

  test.each([
    ['an unknown flag', ['--nope'], "unknown option '--nope'"],
    ['a second file', [scenario], 'too many arguments'],
    ['an unknown mode', ['--modes', 'locked,lock-fre'], 'did you mean "lock-free"?'],
    ['-d with -n', ['-d', '1s', '-n', '5'], '--duration and --iterations exclude each other'],
    ['-w', ['-w', '0'], 'expected 1 to 64 or "auto"'],
    ['no users', ['-c', '0'], '--users  expected at least 1'],
    ['a word for a number', ['-c', 'many'], '--users  expected a number'],
    ['a duration of no known unit', ['-d', '5 days'], '--duration  expected a duration'],
    ['fewer iterations than rounds', ['-n', '3'], '--iterations  3 iterations cannot be shared out over 6 rounds'],
    ['a target of no known kind', ['--target', 'ftp://x'], '--target  expected an address'],
    ['a gate on an unknown mode', ['--gate', 'p99(lokced) < 5ms'], '--gate  no mode is called "lokced"'],
    ['a gate without a unit', ['--gate', 'errors(locked) < 1%', '--gate', 'p99(locked) < 5'], 'a time needs a unit'],
    ['a gate on the maximum', ['--gate', 'max(locked) < 5ms'], 'the maximum is never gated'],
    ['a word for --undecided that it does not know', ['--undecided', 'ignore'], 'Allowed choices are fail, warn'],
    ['a parameter that the store does not have', ['--target', 'builtin:store?servce=1ms'], '"servce"'],
  ])('is the answer to %s, with the reason', async (_, flags, reason) => {
    expect((await refused(['run', scenario, ...flags])).stderr).toContain(reason);
  });

  test('is the answer to no command, to one that does not exist, and to a missing argument', async () => {
    expect((await refused([])).stderr).toContain('Usage: contend');
    expect((await refused(['rnu', scenario])).stderr).toContain('(Did you mean run?)');
    expect((await refused(['run'])).stderr).toContain("missing required argument 'scenario.yaml | url'");
  });

  test('is the answer to a file that is not there, which is named', async () => {
    expect((await refused(['run', 'nowhere.yaml'])).stderr).toContain('nowhere.yaml cannot be read: there is no such');
    expect((await refused(['validate', 'nowhere.yaml'])).stderr).toContain('nowhere.yaml');
  });

  test('is the answer to a variable of the environment that cannot be used, which is named', async () => {
    const { stderr } = await refused(['run', scenario], { CONTEND_USERS: 'many' });
    expect(stderr).toContain('CONTEND_USERS  expected a number, got text "many"');
  });

  test('is the answer to a scenario with problems: all of them, each with its place, its line and a hint', async () => {
    const file = await fileOf(
      'three.yaml',
      `load: { users: 4, duratoin: 1s }
steps:
  - get: /products/\${prodct}
data: { product: 1..5 }
modes:
  locked: mutx
`,
    );
    for (const argv of [
      ['run', file],
      ['validate', file],
    ]) {
      const { stderr } = await refused(argv);
      expect(stderr).toBe(`${file}:1:19  unknown key "duratoin"
      load: { users: 4, duratoin: 1s }
                        ^
    did you mean "duration"?

${file}:3:22  unknown name "prodct"
        - get: /products/\${prodct}
                           ^
    did you mean "product"?

${file}:6:11  unknown lock "mutx"
        locked: mutx
                ^
    did you mean "mutex"?

3 problems in ${file}; nothing was sent.
`);
    }
  });
});

describe('96', () => {
  test('is the end of a run whose target refuses connections, which is named within seconds', async () => {
    const origin = await refusingOrigin();
    const ended = await contend(['run', scenario, '--target', origin, '--json', '-q']);
    expect(ended).toMatchObject({ code: 96, stderr: '' });
    expect(ended.durationMs).toBeLessThan(15_000);
    const document = documentOf(ended.stdout);
    expect(document).toMatchObject({ exitCode: 96, modes: [], invalid: { code: 'ERR_TARGET_UNREACHABLE' } });
    expect(document.verdict.is).toBe('undecided');
    const told = await contendHere(['run', scenario, '--target', origin, '-q']);
    expect(told.code).toBe(96);
    expect(told.stdout).toContain(`INVALID  ${origin} cannot be reached`);
  });

  test('is the end of a run whose "before" fails: nothing is measured', async () => {
    await using server = await openServer((request) => (request === 'POST /reset' ? 503 : 200));
    const ended = await contendHere(['run', await reading(server.origin, 'before: [{ post: /reset }]')]);
    expect(ended.code).toBe(96);
    expect(ended.stdout).toMatch(/INVALID {2}before, in mode \S+: POST \/reset: status 503/u);
    expect(server.requests).toEqual(['POST /reset']);
  });

  test('is the end of a run whose target goes away: what was measured before is reported', async () => {
    let resets = 0;
    await using server = await openServer((request) => {
      if (request === 'POST /reset' && ++resets === 2) void server.close();
      return 200;
    });
    const file = await reading(server.origin, 'before: [{ post: /reset }]');
    const ended = await contendHere(['run', file, '--json', '-q']);
    expect(ended).toMatchObject({ code: 96, stderr: '' });
    const document = documentOf(ended.stdout);
    expect(document).toMatchObject({ exitCode: 96, invalid: { code: 'ERR_BEFORE' } });
    expect(document.modes).toHaveLength(1);
    expect(document.modes[0]?.iterations.completed).toBe(20);
  });
});

describe('a run in which', () => {
  test.each(['fail', 'warn'])(
    'nothing completed is invalid, 96, and ends with the first slot that shows it, under --undecided %s',
    async (undecided) => {
      await using server = await openServer((request) => (request === 'GET /products/1' ? 500 : 200));
      const ended = await contendHere(['run', await reading(server.origin), '--json', '-q', '--undecided', undecided]);
      expect(ended).toMatchObject({ code: 96, stderr: '' });
      const document = documentOf(ended.stdout);
      expect(document).toMatchObject({
        exitCode: 96,
        headline: 'INVALID',
        verdict: { is: 'undecided' },
        invalid: { code: 'ERR_NOTHING_COMPLETED' },
      });
      expect(document.invalid?.message).toMatch(
        /^no iteration of (?:locked|lock-free) completed: read: status 500, .*Stopped there: more/u,
      );
      expect(document.modes).toHaveLength(1);
      const [mode] = document.modes;
      expect(mode).toMatchObject({ iterations: { completed: 0, failed: 20 }, requests: { byStatus: { '500': 20 } } });
      expect(mode!.failuresByClass.check?.example).toContain('read: status 500');
      expectIdentities(mode!);
    },
  );

  test.each(['fail', 'warn'])(
    'more failed than completed is undecided, 97, under --undecided %s',
    async (undecided) => {
      let requests = 0;
      await using server = await openServer((request) =>
        request === 'GET /products/1' && requests++ % 3 > 0 ? 503 : 200,
      );
      const args = ['run', await reading(server.origin), '--json', '-q', '--undecided', undecided];
      const ended = await contendHere(args);
      expect(ended).toMatchObject({ code: 97, stderr: '' });
      const document = documentOf(ended.stdout);
      expect(document).toMatchObject({ exitCode: 97, headline: 'UNDECIDED', verdict: { is: 'undecided' } });
      expect(document.reasons?.[0]).toMatch(
        /^more iterations failed than completed in (?:locked|lock-free): read: status 503/u,
      );
      expect(document.modes).toHaveLength(2);
      for (const mode of document.modes) expectIdentities(mode);
    },
  );

  test('a third failed is DONE, 0, and says so', async () => {
    let requests = 0;
    await using server = await openServer((request) =>
      request === 'GET /products/1' && requests++ % 3 === 0 ? 503 : 200,
    );
    const { code, stdout } = await contendHere(['run', await reading(server.origin), '-q', '-n', '30']);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toMatch(
      /DONE .* 33 % of the iterations of locked failed: read: status 503.* 33 % of the iterations of lock-free failed/u,
    );
  });
});

describe('97', () => {
  test('is the end of a run that completed without one acknowledged change', async () => {
    await using server = await openServer((request) => (request.startsWith('PUT') ? 409 : 200));
    const file = await fileOf(
      'refused.yaml',
      `
target: ${server.origin}
load: { users: 2, iterations: 10 }
data: { product: 1..2 }
steps: [{ name: write, put: "/products/\${product}", json: { stock: 4 }, expect: { status: 409 } }]
modes: { locked: mutex }
consistency:
  counter: { key: "\${product}", add: { step: write, by: -1 }, read: { get: "/products/\${key}", value: body.stock } }
`,
    );
    const ended = await contendHere(['run', file, '--json', '-q']);
    expect(ended.code).toBe(97);
    const document = documentOf(ended.stdout);
    expect(document.verdict).toEqual({
      is: 'undecided',
      because: 'the data was not put to the test in locked: no change was acknowledged',
    });
    expect(document.modes[0]).toMatchObject({
      iterations: { completed: 10 },
      lost: { acknowledged: 0, atLeast: 0, atMost: 0 },
      consistency: { verdict: 'not-exercised' },
    });
    expectIdentities(document.modes[0]!);
  });
});

describe('gates', () => {
  const gates = ['--gate', 'errors(locked) < 10%', '--gate', 'throughput(lock-free) >= 1'];

  test('that passed leave 0, and each is in the report', async () => {
    await using server = await openServer(() => 200);
    const file = await reading(server.origin, 'gates: ["errors(lock-free) == 0"]');
    const ended = await contendHere(['run', file, '-n', '40', '-q', ...gates]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^pass +0 % {2}errors\(lock-free\) == 0$/mu);
    expect(ended.stdout).toMatch(/^pass +0 % {2}errors\(locked\) < 10%$/mu);
    expect(ended.stdout).toMatch(/^pass +[\d.,]+\/s {2}throughput\(lock-free\) >= 1$/mu);
    const long = await contendHere(['run', file, '-n', '40', '-q', '--details', ...gates]);
    expect(long.stdout).toMatch(/^pass +errors\(lock-free\) == 0\n +0 % over 40 iterations is at the limit of 0 %$/mu);
    expect(long.stdout).toMatch(/^pass +errors\(locked\) < 10%\n +0 % over 40 iterations is below the limit/mu);
    expect(long.stdout).toMatch(/^pass +throughput\(lock-free\) >= 1\n/mu);
  });

  test('that failed end with 99, whatever is undecided beside them', async () => {
    await using server = await openServer(() => 200);
    const more = ['--gate', 'throughput(locked) >= 99999999', '--gate', 'p99(locked) < 1h'];
    const ended = await contendHere(['run', await reading(server.origin), '--json', '-q', ...more]);
    expect(ended).toMatchObject({ code: 99, stderr: '' });
    const document = documentOf(ended.stdout);
    expect(document).toMatchObject({ exitCode: 99, verdict: { is: 'fail' } });
    expect(document.verdict.because).toMatch(
      /^the gate throughput\(locked\) >= 99999999: [\d.,]+\/s over 1 round is below the limit/u,
    );
    expect(document.gates.map(({ verdict, limit, unit, samples }) => [verdict, limit, unit, samples])).toEqual([
      ['fail', 99_999_999, '/s', 1],
      ['undecided', 3_600_000_000, 'µs', 20],
    ]);
  });

  test('with too few samples end with 97, or with 0 under --undecided warn, and the report says so', async () => {
    await using server = await openServer(() => 200);
    const args = ['run', await reading(server.origin, 'gates: [p99(locked) < 1h]'), '-q'];
    const ended = await contendHere(args);
    expect(ended).toMatchObject({ code: 97, stderr: '' });
    expect(ended.stdout).toMatch(/^UNDECIDED /mu);
    expect(ended.stdout).toMatch(/^undecided +[\d.]+ \S+ {2}p99\(locked\) < 1h$/mu);
    expect(ended.stdout.replaceAll(/\s+/gu, ' ')).toContain(
      'UNDECIDED p99(locked) < 1h: a limit of 3,600 s takes 2,000 iterations, and there are 20',
    );
    const warned = await contendHere([...args, '--undecided', 'warn']);
    expect(warned).toMatchObject({ code: 0, stderr: '' });
    expect(warned.stdout).toMatch(/^UNDECIDED /mu);
    expect(warned.stdout.replaceAll(/\s+/gu, ' ')).toContain(
      '--undecided warn makes that a warning, so the exit code is 0',
    );
  });

  test('on a mode that is not run are left out', async () => {
    await using server = await openServer(() => 200);
    const file = await reading(server.origin, 'gates: [throughput(locked) >= 99999999]');
    const ended = await contendHere(['run', file, '--modes', 'lock-free', '--json', '-q']);
    expect(ended.code).toBe(0);
    expect(documentOf(ended.stdout).gates).toEqual([]);
  });
});

describe('98', () => {
  let file: string;

  beforeAll(async () => {
    const text = await readFile(join(root, scenario), 'utf8');
    file = await fileOf('forbidden.yaml', text.replace('violations: allowed', 'violations: forbidden'));
  });

  /** Users enough that updates are lost where nobody takes turns, however slow the machine. */
  const losing = ['-c', '8', '--warmup', '20ms', '--rounds', '1'];

  test('is the end of a run that lost updates where that is forbidden', async () => {
    const ended = await contend(['run', file, '--modes', 'locked,lock-free', ...losing, '-d', '150ms', '--json']);
    expect(ended.code).toBe(98);
    expect(documentOf(ended.stdout)).toMatchObject({
      exitCode: 98,
      headline: 'FAIL',
      verdict: {
        is: 'fail',
        because: expect.stringMatching(
          /^the data was not right in lock-free: at least \d+ of \d+ acknowledged updates lost/u,
        ) as string,
      },
    });
    expect(ended.children).toHaveLength(1);
  });

  test('wins over 96: what was lost before the target went away stays lost', async () => {
    let resets = 0;
    await using server = await openServer((request) => (request === 'POST /reset' && ++resets === 2 ? 503 : 200));
    // The server's stock is always 5, whatever is written.
    const text = `
target: ${server.origin}
rounds: 2
load: { users: 2, iterations: 20 }
before: [{ post: /reset }]
steps: [{ name: write, put: /products/1, json: { stock: 4 } }]
modes: { locked: mutex }
consistency: { counter: { key: '1', add: { step: write, by: -1 }, read: { get: '/products/\${key}', value: body.stock } } }
gates: [p50(locked) < 1h]
`;
    const ended = await contendHere(['run', await fileOf('violated-then-invalid.yaml', text), '--json', '-q']);
    expect(ended).toMatchObject({ code: 98, stderr: '' });
    const document = documentOf(ended.stdout);
    expect(document).toMatchObject({ exitCode: 98, verdict: { is: 'fail' }, invalid: { code: 'ERR_BEFORE' } });
    expect(document.gates).toMatchObject([{ verdict: 'undecided' }]);
    expect(document.gates[0]?.because).toMatch(/^the run is invalid, so this proves nothing: /u);
  });

  test('stays the end of such a run when nobody reads its report', async () => {
    const run = start(['run', file, '--modes', 'lock-free', ...losing, '-d', '150ms', '-q']);
    run.child.stdout.destroy();
    expect(await run.ended).toMatchObject({ code: 98, stderr: '' });
  });

  test('stays the end of such a run when whoever read its progress has left: the report is complete', async () => {
    const run = start(['run', file, '--modes', 'lock-free', ...losing, '-d', '700ms', '--json']);
    await matching(run.stderr, /about/u);
    run.child.stderr.destroy();
    const ended = await run.ended;
    expect(ended.code).toBe(98);
    expect(documentOf(ended.stdout).exitCode).toBe(98);
  });
});

describe('1', () => {
  test('is for bugs of contend alone, which are told with their stack', async () => {
    const bug = new TypeError('undefined is not a function');
    const { host, stdout, stderr } = scriptedHost(['run', 'any.yaml'], {
      randomSeed: () => {
        throw bug;
      },
    });
    expect(await main(host)).toBe(1);
    expect(stdout()).toBe('');
    expect(stderr()).toContain('internal error, a bug in contend');
    expect(stderr()).toContain(bug.stack);
  });

  test('is also the answer to a bug that comes up while a file is read, which is no fault of the file', async () => {
    const { host, stderr } = scriptedHost(['run', 'any.yaml'], {
      readText: async () => Promise.reject(new TypeError('undefined is not a function')),
    });
    expect(await main(host)).toBe(1);
    expect(stderr()).toContain('internal error');
  });
});

describe('130 and 143', () => {
  // Two users: what is waited for is the first line of progress, and others want the cores meanwhile.
  const long = ['-d', '40s', '--rounds', '2', '-c', '2'];
  // A busy machine may begin with a line of 0/s.
  const whenMeasuring = async (run: Running): Promise<unknown> =>
    matching(run.stderr, /round 1 of 2, (?!0\/)[\d.,]+\/s/u);

  test('SIGINT ends a run with a report of what was measured, and the store with it', async () => {
    const run = start(['run', scenario, '--modes', 'locked', ...long]);
    await whenMeasuring(run);
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 130, signal: null });
    expect(ended.durationMs).toBeLessThan(25_000);
    expect(ended.children).toHaveLength(1);
    expect(ended.stdout).toContain('INTERRUPTED  stopped early: this is what was measured until then.');
    expect(ended.stdout).toMatch(/^locked +right +[\d.,]+ /mu);
  });

  describe('SIGTERM does the same', () => {
    let ended: Ended;
    let document: Result;

    beforeAll(async () => {
      const run = start(['run', scenario, '--modes', 'optimistic', ...long, '--json']);
      await whenMeasuring(run);
      run.child.kill('SIGTERM');
      ended = await run.ended;
      document = documentOf(ended.stdout);
    }, 60_000);

    test('the document is complete and its identities hold', () => {
      expect(ended).toMatchObject({ code: 143, signal: null });
      expectAllFields(document);
      expect(document).toMatchObject({
        exitCode: 143,
        verdict: { is: 'undecided', because: 'the run was interrupted' },
      });
      const [mode] = document.modes;
      expectIdentities(mode!);
      expect(mode?.iterations.completed).toBeGreaterThan(0);
      expect(mode?.lost).toMatchObject({ atLeast: 0, atMost: 0 });
    });

    test('the throughput of an interrupted slot is that of the time it lasted', () => {
      const [mode] = document.modes;
      // The slot was shorter than the command: so many iterations in less time are a higher rate.
      const leastPerSecond = mode!.iterations.completed / (ended.durationMs / 1000);
      expect(mode!.throughputPerSecond).toBeGreaterThan(0.9 * leastPerSecond);
    });
  });

  test('a run that is killed leaves no store behind', async () => {
    // What is killed cannot delete its own temporary folder.
    const run = start(['run', scenario, '--modes', 'lock-free', ...long], { env: { TMPDIR: folder } });
    const patience = { timeout: 10_000, interval: 150 };
    const store = await vi.waitFor(() => {
      const children = childrenOf(run.child.pid!);
      expect(children).toHaveLength(1);
      return children;
    }, patience);
    run.child.kill('SIGKILL');
    expect(await run.ended).toMatchObject({ code: null, signal: 'SIGKILL', stdout: '' });
    await vi.waitFor(() => expect(livingOf(store)).toEqual([]), patience);
  });

  test('before anything was measured, the report says so and is a report all the same', async () => {
    await using mute = await openMute();
    const timeouts = 'timeouts: { connect: 60s }';
    const run = start(['run', await reading(mute.origin, timeouts), '--json', '-q']);
    await vi.waitFor(() => expect(mute.connections()).toBe(1), { timeout: 10_000 });
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 130, stderr: '' });
    expect(documentOf(ended.stdout)).toMatchObject({ exitCode: 130, modes: [] });
  });

  test('requests that never end do not hold an interrupted run for longer than a second or two', async () => {
    await using server = await openServer(() => undefined);
    const run = start(['run', await reading(server.origin), '--json', '-q']);
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), { timeout: 10_000 });
    const askedMs = performance.now();
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(performance.now() - askedMs).toBeLessThan(9000);
    expect(ended).toMatchObject({ code: 130, stderr: '' });
    const [mode] = documentOf(ended.stdout).modes;
    expect(mode?.iterations).toMatchObject({ completed: 0, interrupted: mode?.iterations.begun });
    expectIdentities(mode!);
  });

  test('a "before" that never ends does not hold it either', async () => {
    await using server = await openServer(() => undefined);
    const run = start(['run', await reading(server.origin, 'before: [{ post: /reset }]'), '--json', '-q']);
    await vi.waitFor(() => expect(server.requests).toContain('POST /reset'), { timeout: 10_000 });
    const askedMs = performance.now();
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(performance.now() - askedMs).toBeLessThan(9000);
    expect(ended).toMatchObject({ code: 130, stderr: '' });
  });

  test('a second SIGINT ends it at once, without a report', async () => {
    await using server = await openServer(() => undefined);
    const run = start(['run', await reading(server.origin), '--json', '-q']);
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), { timeout: 10_000 });
    // Two that come together are one.
    const again = setInterval(() => run.child.kill('SIGINT'), 20);
    const ended = await run.ended;
    clearInterval(again);
    expect(ended).toMatchObject({ code: 130, signal: null, stdout: '' });
  });
});
