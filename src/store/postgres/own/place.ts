import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { ContendError } from '../../../core/errors.ts';
import { canEnter, type User } from './user.ts';

/** How the folders of databases begin. */
export const folderPrefix = 'contend-postgres-';

/** The temporary folders of every machine, in addition to the environment's. */
export const commonFolders = ['/tmp', '/var/tmp'];

/** How long the path of a socket may be on macOS. Linux allows four bytes more. */
const mostSocketBytes = 103;

/**
 * The folder in which to make a database's own: the environment's temporary folder if that will do, otherwise one of those that
 * every machine has. It will not do if it cannot be written to, if the database's user cannot enter it (such as a folder of root's
 * own), or if the path of the database's socket would be too long.
 *
 * @param temporary the folder of the environment
 * @param user the user the database runs as; `undefined`: the current one
 * @throws {ContendError} ERR_STORE if none will do
 */
export const placeFor = (temporary: string, user: User | undefined): string => {
  const places = [resolve(temporary), ...commonFolders];
  const place = places.find(
    (one) => hasRoomForSocket(one) && isWritable(one) && (user === undefined || canEnter(user, one)),
  );
  if (place !== undefined) return place;
  throw new ContendError(
    'ERR_STORE',
    `PostgreSQL has no folder for its files: it takes one with a short path that can be written to${user === undefined ? '' : `, and that user ${user.uid}, who runs it, can enter`}, and neither ${places.join(' nor ')} is one.`,
    'Set TMPDIR to such a folder, or name a server: DATABASE_URL=postgres://user:password@host/database',
  );
};

const hasRoomForSocket = (place: string): boolean =>
  Buffer.byteLength(join(place, `${folderPrefix}XXXXXX`, '.s.PGSQL.5432')) <= mostSocketBytes;

const isWritable = (place: string): boolean => {
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
