import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { cp, lchown, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ContendError } from '../../../core/errors.ts';
import type { Address } from '../pool.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { keeper, passwordFile, serverFile, serverOptions } from './keeper.ts';
import { removeLeftovers } from './leftovers.ts';
import { folderPrefix, placeFor } from './place.ts';
import { startSweeper } from './sweeper.ts';
import { canEnter, databaseUser, type User } from './user.ts';

/** What a database needs from the machine. */
export interface Machine {
  /** As in the environment. */
  readonly path: string;
  /** Where to make its folder, if possible. */
  readonly temporary: string;
  /** The user's number. `undefined` on systems without them. */
  readonly uid: number | undefined;
  /** Kills a process. */
  readonly end: (pid: number) => void;
  /** Since 1970. */
  readonly nowMs: () => number;
}

const readyWithinMs = 60_000;
const outputKeptChars = 4000;

/**
 * The store's own PostgreSQL: in a temporary folder, on a socket in it, and gone when the store's process is, however that ends.
 *
 * @param connections how many it accepts
 * @throws {ContendError} ERR_MISSING_PACKAGE, ERR_STORE
 */
export const startDatabase = async (
  machine: Machine,
  connections: number,
  binaries = findBinaries(machine.path),
): Promise<{ readonly address: Address } & AsyncDisposable> => {
  const user = databaseUser(machine.uid);
  const place = placeFor(machine.temporary, user);
  await removeLeftovers(place, machine.end, machine.nowMs());
  const folder = await mkdtemp(join(place, folderPrefix));
  const sweeper = startSweeper(folder, machine.path);
  const password = randomBytes(18).toString('base64url');
  let child: ChildProcess | undefined;
  const end = async (): Promise<void> => {
    if (child !== undefined) await ended(child);
    await ended(sweeper);
  };
  try {
    const { programs, libraries } = await prepared(binaries, folder, user);
    await writeFile(join(folder, passwordFile), password, { mode: 0o600 });
    if (user !== undefined) await give(folder, user);
    child = spawn('/bin/sh', ['-c', keeper, 'contend-keeper', folder, programs, ...serverOptions(connections)], {
      ...user,
      cwd: folder,
      env: { PATH: machine.path, LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries },
      stdio: ['pipe', 'ignore', 'pipe', sweeper.stdin],
    });
    await whenReady(child, folder);
    return {
      address: { host: folder, port: 5432, user: 'contend', password, database: 'postgres', ssl: false },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    // The sweeper may be what could not be started.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
};

/** Where the database's user can run the programs and load their libraries. */
const prepared = async (
  { folder: programs, package: its }: Binaries,
  folder: string,
  user: User | undefined,
): Promise<{ programs: string; libraries: string | undefined }> => {
  if (its === undefined) return { programs, libraries: undefined };
  let { native } = its;
  if (user !== undefined && !canEnter(user, join(programs, 'postgres'))) {
    const copy = join(folder, 'native');
    await cp(native, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
    native = copy;
  }
  const links = join(folder, 'lib');
  await mkdir(links);
  // npm packs no links, and the script that would make them may not be allowed to run.
  for (const { source, target } of its.links) {
    const there = join(native, 'lib', basename(source));
    if (
      await lstat(there).then(
        () => true,
        () => false,
      )
    )
      await symlink(there, join(links, basename(target)));
  }
  return { programs: join(native, 'bin'), libraries: `${links}:${join(native, 'lib')}` };
};

/** Gives everything in a folder to the user, and then the folder itself: what root has copied may be readable by root only. */
const give = async (folder: string, { uid, gid }: User): Promise<void> => {
  for (const name of await readdir(folder, { recursive: true })) await lchown(join(folder, name), uid, gid);
  await lchown(folder, uid, gid);
};

const whenReady = async (child: ChildProcess, folder: string): Promise<void> => {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-outputKeptChars);
  });
  child.stdin!.on('error', () => undefined);
  const end: { how?: string } = {};
  child.on('error', (error) => {
    end.how = error.message;
  });
  child.on('close', (code, signal) => {
    end.how = said.trim() === '' ? `it ended with ${code ?? signal}` : said.trim();
  });
  for (let waitedMs = 0; waitedMs < readyWithinMs && end.how === undefined; waitedMs += 10) {
    const state = await readFile(join(folder, serverFile), 'utf8').catch(() => '');
    if (/^ready\s*$/mu.test(state)) return;
    await pause(10);
  }
  throw new ContendError(
    'ERR_STORE',
    `PostgreSQL could not be started: ${end.how ?? `it was not ready in ${readyWithinMs / 1000} s`}`,
    'Or use another server: DATABASE_URL=postgres://user:password@host/database',
  );
};

/** Ends the keeper, which ends with its input, once the database has ended. Likewise the sweeper, once the folder is gone. */
const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  // Not `end`, which would shut down the sweeper's input for every process that holds it.
  child.stdin!.destroy();
  await gone;
};
