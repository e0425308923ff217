import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Host } from './core/host.ts';

/** `contend-`, where the number of a process means the same, that number, and what makes it unique. */
const nameOf = /^contend-([\da-f]{8})-(\d+)-\w{6}$/u;

/** Containers may share a folder and count their processes each for itself. */
const where = (): string => {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // No Linux: a machine counts its processes together.
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
 * Removes the folders of {@link makeTemporaryFolder} whose process was killed before it could. What is another user's, or may be
 * that of another machine, stays.
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

/** What cannot be tidied up is no reason not to measure; and another process that begins now may be faster. */
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
    // One of another user is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
