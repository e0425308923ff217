import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { asRoot, forRoot, hasPostgres, user, withPostgres } from '../postgres.ts';
import { matching, start } from './contend.ts';
import { Databases, patience, short, startedWithinMs, withinMs } from './databases.ts';
import { documentOf, expectIdentities } from './document.ts';
import { installFor } from './installed.ts';

const databases = new Databases();

describe.skipIf(!hasPostgres)(`a scenario on PostgreSQL${withPostgres}`, () => {
  test(
    'inventory-postgres: naive loses sales, every other strategy none',
    async () => {
      const { code, stdout, stderr } = await databases.run('inventory-postgres.yaml', ['-d', '300ms'], {
        DATABASE_URL: await databases.url(),
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
      const { code, stdout } = await databases.run('flash-sale.yaml', ['-n', '500'], {
        DATABASE_URL: await databases.url(),
      });
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
      const { code, stdout } = await databases.run('seat-booking.yaml', ['-n', '400'], {
        DATABASE_URL: await databases.url(),
      });
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
      const { code, stdout } = await databases.run('transfer.yaml', ['-d', '300ms'], {
        DATABASE_URL: await databases.url(),
      });
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
      const store = start(['store', '--postgres', '--port', '0'], { env: { TMPDIR: databases.folder }, withinMs });
      const origin = await matching(store.stdout, /http:\S+/u, startedWithinMs);
      const asked = ['--modes', 'row-lock', '-d', '4s', '--target', origin, ...short];
      const running = start(['run', 'scenarios/inventory-postgres.yaml', ...asked], { withinMs });
      for (let requests = 0; requests < 300;) {
        ({ requests } = (await (await fetch(`${origin}/stats`)).json()) as { requests: number });
        await pause(20);
      }
      process.kill(databases.numberIn('data/postmaster.pid'), 'SIGKILL');
      const { code, stdout } = await running.ended;
      expect([96, 99]).toContain(code);
      expect(documentOf(stdout).exitCode).toBe(code);
      const told = documentOf(stdout);
      expect(JSON.stringify([told.invalid, told.modes.map((mode) => [mode.requests, mode.failuresByClass])])).toContain(
        'status 503',
      );
      store.child.kill('SIGINT');
      await store.ended;
      expect(databases.names()).toEqual([]);
    },
    patience,
  );

  test.skipIf(!asRoot)(
    `runs for a normal user as it does for root${forRoot}`,
    () => {
      const { program, package: installed } = installFor(user!, databases.folder);
      const asked = ['dist/bundle/contend.js', 'run', 'scenarios/inventory-postgres.yaml'];
      const { status, stderr } = spawnSync(program, [...asked, '--modes', 'atomic', '-d', '100ms', ...short], {
        ...user,
        cwd: installed,
        env: { PATH: process.env['PATH'], TMPDIR: databases.folder },
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(databases.names()).toEqual([]);
    },
    patience,
  );
});
