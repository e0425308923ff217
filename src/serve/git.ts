import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { ContendError, messageOf } from '../core/errors.ts';

/** A commit of the repository that contains a scenario. */
export interface Commit {
  /** The top folder of the repository. */
  readonly repository: string;
  /** The full id. */
  readonly id: string;
  /** Where a process is started, relative to the top folder. */
  readonly cwd: string;
}

type Environment = { readonly [name: string]: string | undefined };

/** An environment without the variables by which a git hook points to another repository. */
export const outsideHook = (inherited: Environment): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(inherited).flatMap(([name, value]) =>
      value === undefined ||
      /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|NAMESPACE|OBJECT_DIRECTORY)$/u.test(name)
        ? []
        : [[name, value]],
    ),
  );

/** The environment for git: without a hook's variables, and never prompting. */
export const gitEnvironment = (inherited: Environment): { readonly [name: string]: string } => ({
  ...outsideHook(inherited),
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
});

/** Where a process is started, in a repository. */
export type Inside = Pick<Commit, 'repository' | 'cwd'>;

/**
 * The repository that contains a scenario.
 *
 * @param folder of the scenario
 * @param cwd where the process is started, relative to that folder
 * @throws {ContendError} ERR_USAGE if the scenario is in no repository, or `cwd` is outside it
 */
export const repositoryOf = async (
  folder: string,
  cwd: string,
  ref: string,
  inherited: Environment,
): Promise<Inside> => {
  const found = await gitIn(folder, inherited)('rev-parse', '--show-toplevel').catch((error: unknown) => {
    throw noRepository(folder, ref, error);
  });
  const repository = await realpath(found);
  const inside = relative(repository, resolve(await realpath(folder), cwd));
  if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return { repository, cwd: inside };
  throw new ContendError(
    'ERR_USAGE',
    `serve: cwd: ${cwd} lies outside ${repository}, the repository that git: ${ref} is checked out from.`,
    'Name a folder of that repository, relative to the scenario file.',
  );
};

/**
 * The commit that a ref names: the local branch, otherwise the one of `origin`, otherwise a commit. Nothing is fetched.
 *
 * @param folder of the scenario
 * @param cwd where the process is started, relative to that folder
 * @throws {ContendError} ERR_SERVE if there is none; ERR_USAGE as {@link repositoryOf}
 */
export const commitOf = async (folder: string, cwd: string, ref: string, inherited: Environment): Promise<Commit> => {
  const inside = await repositoryOf(folder, cwd, ref, inherited);
  const git = gitIn(folder, inherited);
  const branches = isOfHead.test(ref) ? [] : [`refs/heads/${ref}`, `refs/remotes/origin/${ref}`];
  for (const name of [...branches, ref]) {
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const id = await git(...words).catch(() => '');
    if (id !== '') return { ...inside, id };
  }
  const isShallow = (await git('rev-parse', '--is-shallow-repository').catch(() => '')) === 'true';
  throw new ContendError(
    'ERR_SERVE',
    `git: ${ref} is not a branch, a branch of origin or a commit in ${inside.repository}${isShallow ? ', which is a shallow clone' : ''}.`,
    hintFor(ref, isShallow),
  );
};

/** Refs relative to this clone's HEAD: `HEAD~1`, `@^`. Not `origin/HEAD`. */
const isOfHead = /^(?:@|[A-Z_]*HEAD)(?:[~^@]|$)/u;

/** How to fetch the commit. A clone of a single branch keeps another one only if the command names it. */
const hintFor = (ref: string, isShallow: boolean): string => {
  if (isOfHead.test(ref) && !isShallow) return 'git log shows the commits.';
  const name = ref.replace(/^origin\//u, '');
  const isBranch = !/[~^:@]|^[\da-f]{7,64}$/iu.test(ref);
  const command = isOfHead.test(ref)
    ? 'git fetch --unshallow'
    : `git fetch origin ${isBranch ? `${name}:refs/remotes/origin/${name}` : name}`;
  return `contend does not fetch: run ${command}, or in a GitHub workflow use actions/checkout with fetch-depth: 0.`;
};

const gitIn =
  (folder: string, inherited: Environment) =>
  async (...words: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', folder, ...words], { env: gitEnvironment(inherited) })).stdout.trim();

const noRepository = (folder: string, ref: string, error: unknown): ContendError => {
  const { code } = error as { readonly code?: unknown };
  const why =
    code === 'ENOENT' ? 'git is not installed' : (messageOf(error).split('\n').at(1) ?? '').trim() || messageOf(error);
  return new ContendError(
    'ERR_USAGE',
    `git: ${ref} cannot be looked up, as ${folder} is in no repository that git can read: ${why}.`,
    'The scenario must be in the repository whose build it names.',
  );
};
