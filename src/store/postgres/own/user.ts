import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ContendError } from '../../../core/errors.ts';

/** A user that a process runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Unprivileged users, the best first. */
const names = ['nobody', 'postgres'];

/**
 * The user that the database runs as if the current one is root, as PostgreSQL refuses to run as root.
 *
 * @returns `undefined`: the current user
 * @throws {ContendError} ERR_STORE if this machine has no user for it
 */
export const databaseUser = (uid: number | undefined): User | undefined => {
  if (uid !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of names) {
    const [, , userId, groupId] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (userId !== undefined && userId !== '0') return { uid: Number(userId), gid: Number(groupId) };
  }
  throw new ContendError(
    'ERR_STORE',
    'PostgreSQL does not run as root, and this machine has neither a user nobody nor postgres.',
    'Run contend as another user, or name a server: DATABASE_URL=postgres://user:password@host/database',
  );
};

/** Whether a user can start a program or enter a folder: other users cannot enter root's home. */
export const canEnter = (user: User, path: string): boolean =>
  spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { ...user, stdio: 'ignore' }).status === 0;
