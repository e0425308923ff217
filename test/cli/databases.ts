import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { databaseFolder, startOwnPostgres, type ForeignPostgres } from '../postgres.ts';
import { assertNoLeftovers, contend } from './contend.ts';

/** How long a test may take that makes a database, in ms. */
export const patience = 120_000;

/** How long its command may take, in ms. */
export const withinMs = 110_000;

/** What the store itself gives a database, in ms. */
export const startedWithinMs = 60_000;

/** What makes a run of a scenario short, and its output a document. */
export const short = ['--rounds', '1', '--json', '-q', '--undecided', 'warn'];

const urlOf = ({ address: { host, user, password } }: ForeignPostgres): string =>
  `postgres://${user}:${String(password)}@localhost/postgres?host=${encodeURIComponent(host!)}`;

/** Databases of the commands of one file of tests, gone with each test, and one server that all its tests share. */
export class Databases {
  /** Where the command under test makes its databases: nobody else's are in it. */
  folder = '';
  #shared: { readonly server: ForeignPostgres; readonly folder: string } | undefined;

  constructor() {
    beforeEach(() => {
      this.folder = databaseFolder();
    });
    afterEach(async () => {
      await assertNoLeftovers();
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });
    afterAll(async () => {
      if (this.#shared === undefined) return;
      await this.#shared.server[Symbol.asyncDispose]();
      rmSync(this.#shared.folder, { recursive: true, force: true });
    });
  }

  /** One server for the tests that only want a database: to make one takes seconds. */
  async server(): Promise<ForeignPostgres> {
    if (this.#shared === undefined) {
      const folder = databaseFolder();
      this.#shared = { server: await startOwnPostgres(folder), folder };
    }
    return this.#shared.server;
  }

  /** Its address, for DATABASE_URL. */
  async url(): Promise<string> {
    return urlOf(await this.server());
  }

  /** The folders of databases that a command has made and not deleted. */
  names(): readonly string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith('contend-postgres-'));
  }

  /** The number on the first line of a file of the only database. */
  numberIn(file: string): number {
    return Number.parseInt(readFileSync(join(this.folder, this.names()[0]!, file), 'utf8'), 10);
  }

  /** Whether a database has this file. */
  isMade(path: string): boolean {
    return this.names().some((name) => existsSync(join(this.folder, name, path)));
  }

  /** Runs a scenario of the package whose temporary folder is this one's. */
  async run(file: string, length: readonly string[], env = {}) {
    return contend(['run', `scenarios/${file}`, ...length, ...short], {
      env: { TMPDIR: this.folder, ...env },
      withinMs,
    });
  }
}
