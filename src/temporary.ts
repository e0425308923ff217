import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Host } from './core/host.ts';

/** `contend-`, a hash of the place in which the process number is valid, that number, and a unique part. */
const nameOf = /^contend-([\da-f]{8})-(\d+)-\w{6}$/u;

/** Containers may share a folder, while each numbers its own processes. */
const where = (): string => {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: all processes of a machine are numbered together.
  }
  return createHash('sha256').update(`${hostname()} ${space}`).digest('hex').slice(0, 8);
};

let isTidy = false;

/** Makes a folder that is gone when disposed of, and when the process ends in any way but by SIGKILL; see {@link removeLeftovers}. */
export const makeTemporaryFolder: Host['makeTemporaryFolder'] = async () => {
  if (!isTidy) removeLeftovers();
  isTidy = true;
  const path = await mkdtemp(join(tmpdir(), `contend-${where()}-${process.pid}-`));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', remove);
      await rm(path, { recursive: true, force: true });
    },
  };
};

/**
 * Removes the folders of {@link makeTemporaryFolder} whose process was killed before it could. Folders of another user, or
 * possibly of another machine, stay.
 */
export const removeLeftovers: Host['removeLeftovers'] = () => {
  const [here, folder] = [where(), tmpdir()];
  for (const name of unlessRefused(() => readdirSync(folder)) ?? []) {
    const [, space, pid] = nameOf.exec(name) ?? [];
    if (space === here && !isAlive(Number(pid))) unlessRefused(() => removeOwn(join(folder, name)));
  }
};

const removeOwn = (path: string): void => {
  if (lstatSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
};

/** A failure to tidy up is no reason not to measure, and another process starting now may be faster. */
const unlessRefused = <Given>(task: () => Given): Given | undefined => {
  try {
    return task();
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
