import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Words } from '../../core/plan/serve.ts';

/** The git command that checks a commit out separately: detached, by its id, without the repository's hooks. */
export const checkoutWords = (repository: string, worktree: string, id: string): Words => [
  'git',
  '-C',
  repository,
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'advice.detachedHead=false',
  'worktree',
  'add',
  '--detach',
  worktree,
  id,
];

/** Removes a worktree, and the repository's record of it, even if it was never completed. */
export const removeWorktree = async (
  repository: string,
  worktree: string,
  env: { readonly [name: string]: string },
): Promise<void> => {
  const git = async (...words: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', repository, ...words], { env })).stdout.trim();
  try {
    // Twice, because a worktree that is being made is locked.
    await git('worktree', 'remove', '--force', '--force', worktree);
  } catch {
    await rm(worktree, { recursive: true, force: true });
    const shared = await git('rev-parse', '--path-format=absolute', '--git-common-dir').catch(() => '');
    if (shared !== '') await rm(join(shared, 'worktrees', basename(worktree)), { recursive: true, force: true });
  }
};
