import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nameFile, openToAll, patienceVariable, runVariable } from './names.ts';

/** What ends with a test may take a moment: a process that deletes its own folder, say. */
const patienceMs = Number(process.env[patienceVariable] ?? 10_000);

/**
 * Gives a run of the tests a temporary folder of its own, below that of the environment, and fails the run where anything is
 * left in it. `file.ts` gives each file of tests a folder in there, so that it is known who left it.
 *
 * Called once for each project: the first one does it for all.
 */
export default (): (() => Promise<void>) | undefined => {
  if (process.env[runVariable] !== undefined) return undefined;
  const folder = mkdtempSync(join(resolve(tmpdir()), 'contend-tests-'));
  chmodSync(folder, openToAll);
  process.env[runVariable] = folder;
  process.env['TMPDIR'] = folder;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A run that is interrupted ends without the rest.
  process.once('exit', remove);
  return async () => {
    let left = leftIn(folder);
    for (let waitedMs = 0; left.length > 0 && waitedMs < patienceMs; waitedMs += 50) {
      await pause(50);
      left = leftIn(folder);
    }
    if (left.length === 0) return;
    // vitest shows what a teardown throws, and calls the run a success all the same.
    process.exitCode = 1;
    throw new Error(`tests left something in the temporary folder:\n${left.join('\n')}`);
  };
};

/** A line for each that left something: the file of tests, and what it left. */
const leftIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => !name.endsWith(nameFile))
    .flatMap((name) => {
      const file = readIfThere(join(folder, name + nameFile));
      if (file === undefined) return [`  ${name}, outside the folders of the files of tests`];
      const entries = readdirSync(join(folder, name)).toSorted();
      return entries.length === 0 ? [] : [`  ${file}: ${entries.join(', ')}`];
    });

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
