import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serving, type Serving } from './serving.ts';

/** Git in a folder, with nobody's configuration; what it wrote. */
export const git = (folder: string, ...words: readonly string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/** Writes down which build it is, in the file of that name, and serves. */
const server = (build: string): string => `console.log('this is ${build}');\n`;

/** A repository whose `main` has one build, and whose files, not committed, are another one. */
export const repository = async (): Promise<Serving & { readonly main: string }> => {
  const one = await serving();
  const { folder } = one;
  git(folder, 'init', '--quiet', '-b', 'main');
  await writeFile(join(folder, '.gitignore'), 'tmp/\nout/\nscenario.yaml\n');
  await writeFile(join(folder, 'build.mjs'), server('the old build'));
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', 'the old build');
  await writeFile(join(folder, 'build.mjs'), server('the new build'));
  // A hook of the repository would be run by a checkout.
  await mkdir(join(folder, '.git/hooks'), { recursive: true });
  await writeFile(join(folder, '.git/hooks/post-checkout'), '#!/bin/sh\necho hooked >>"$HOME/hooked"\n', {
    mode: 0o755,
  });
  return Object.assign(one, { main: git(folder, 'rev-parse', 'HEAD') });
};
