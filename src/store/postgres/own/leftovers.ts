import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keeperFile, serverFile } from './keeper.ts';
import { folderPrefix } from './place.ts';

/** A folder without a keeper is still being made, unless it is older than this. */
const makingMs = 60_000;

/**
 * Ends and deletes databases whose keeper was killed, so that it could do neither.
 *
 * @param parent where the folders of databases are
 * @param end kills a process
 * @param nowMs since 1970
 */
export const removeLeftovers = async (parent: string, end: (pid: number) => void, nowMs: number): Promise<void> => {
  const names = await readdir(parent);
  for (const name of names.filter((one) => one.startsWith(folderPrefix))) {
    const folder = join(parent, name);
    if (await isKept(folder, nowMs)) continue;
    const server = await firstNumberIn(join(folder, serverFile));
    // Process ids are reused: only a process that names this folder is its server.
    if (server !== undefined && (await commandOf(server)).includes(folder)) end(server);
    // Another user's folder stays: only that user can delete it, at their next start.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }).catch(() => 'not ours');
  }
};

const isKept = async (folder: string, nowMs: number): Promise<boolean> => {
  const pid = await firstNumberIn(join(folder, keeperFile));
  if (pid !== undefined) return (await commandOf(pid)).includes(folder);
  const madeMs = await stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => -Infinity,
  );
  return nowMs - madeMs < makingMs;
};

const firstNumberIn = async (file: string): Promise<number | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const number = Number.parseInt(text, 10);
  return number > 0 ? number : undefined;
};

/** How a process was started. Empty if there is none. */
const commandOf = async (pid: number): Promise<string> => {
  // Linux needs no program for this, and slim images have no ps.
  if (existsSync('/proc/self/cmdline')) return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const ps = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
  return ps.then(
    ({ stdout }) => stdout,
    () => '',
  );
};
