import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeTemporaryFolder, removeLeftovers } from '../src/temporary.ts';

const before = process.env['TMPDIR'];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'left-'));
  process.env['TMPDIR'] = folder;
});
afterAll(() => {
  process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true });
});

test('a folder is gone when it is disposed of, and those of processes that were killed are when another one begins', async () => {
  const own = await makeTemporaryFolder();
  const [, space] = /^contend-([^-]+)-/u.exec(basename(own.path))!;
  const dead = spawnSync('true').pid;
  const made = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'history'), 'much');
    return path;
  };
  const left = made(`contend-${space}-${dead}-abcdef`);
  const others = [
    // It is alive.
    made(`contend-${space}-${process.ppid}-abcdef`),
    // Where another count of processes is, nobody knows whether it is.
    made(`contend-00000000-${dead}-abcdef`),
    made(`contend-${dead}`),
    made(`other-${space}-${dead}-abcdef`),
  ];
  removeLeftovers();
  expect(existsSync(left)).toBe(false);
  for (const path of [own.path, ...others]) expect(existsSync(path)).toBe(true);
  await own[Symbol.asyncDispose]();
  expect(existsSync(own.path)).toBe(false);
});

test('the first folder of a process takes those away, too', async () => {
  const { makeTemporaryFolder: first } = await freshly();
  await using known = await makeTemporaryFolder();
  const left = join(folder, basename(known.path).replace(/-\d+-\w+$/u, `-${spawnSync('true').pid}-abcdef`));
  mkdirSync(left);
  await using own = await first();
  expect(existsSync(own.path)).toBe(true);
  expect(existsSync(left)).toBe(false);
});

/** As in a process that has just begun. */
const freshly = async (): Promise<{ readonly makeTemporaryFolder: typeof makeTemporaryFolder }> => {
  vi.resetModules();
  return import('../src/temporary.ts');
};
