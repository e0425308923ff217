import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { ContendError } from '../../../core/errors.ts';
import { canEnter, type User } from './user.ts';

/** How the folders of databases begin. */
export const folderPrefix = 'contend-postgres-';

/** The temporary folders that every machine has, beside that of the environment. */
export const commonFolders = ['/tmp', '/var/tmp'];

/** The path of a socket has room for so many on macOS, and four more on Linux. */
const mostSocketBytes = 103;

/**
 * The folder in which a database's own is made: the temporary folder of the environment where that will do, else one of those
 * that every machine has. It will not do where it cannot be written to, where the database's user cannot enter it, as is so in
 * a folder of root's own, or where the path of the database's socket would be too long in it.
 *
 * @param temporary the folder of the environment
 * @param user whom the database runs as; undefined: as whoever asks
 * @throws {ContendError} ERR_STORE where none will do
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
