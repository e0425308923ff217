import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { contendHere } from '../contend.ts';
import { git, repository } from './repository.ts';
import { runInvalid, serving, type Serving } from './serving.ts';

const command = [process.execPath, '--import', './build.mjs', 'api.mjs'];
const both = (ref: string): string => `modes: { before: { serve: { git: "${ref}" } }, after: {} }`;

const resultOf = async ({ out }: Serving): Promise<Result> => JSON.parse(await out('result.json')) as Result;

let one: Awaited<ReturnType<typeof repository>>;
beforeEach(async () => {
  one = await repository();
  return async () => one[Symbol.asyncDispose]();
});

/** Commits what lies there; the commit's id. */
const committed = (): string => {
  git(one.folder, 'commit', '--quiet', '-am', 'the new build');
  return git(one.folder, 'rev-parse', 'HEAD');
};

/** Only one working tree is left, and only the folder knows of it. */
const assertClean = async (): Promise<void> => {
  await one.nothingLeft();
  expect(git(one.folder, 'worktree', 'list').split('\n')).toHaveLength(1);
};

test('HEAD and what it is followed by are those of this clone, not of origin; tags and branches with slashes have their names', async () => {
  const newer = committed();
  // Where origin/HEAD stands is none of it: here, nowhere that HEAD~1 would be.
  git(one.folder, 'update-ref', 'refs/remotes/origin/HEAD', one.main);
  git(one.folder, 'tag', '-a', '2.0', '-m', 'a tag', one.main);
  git(one.folder, 'branch', 'team/a/fix', one.main);
  const refs = ['HEAD', 'HEAD~1', '@^', '2.0', 'team/a/fix', 'main~1'];
  await one.write({ command }, `modes:\n${refs.map((ref, at) => `  m${at}: { serve: { git: "${ref}" } }`).join('\n')}`);
  expect(await one.run(['-q'])).toMatchObject({ code: 0 });
  const { serves = [] } = await resultOf(one);
  expect(serves.map((serve) => serve.git)).toEqual(
    refs.map((ref) => ({ ref, commit: ref === 'HEAD' ? newer : one.main })),
  );
  await assertClean();
});

test.each([
  ['shallow', ['--depth', '1'], 'which is a shallow clone'],
  ['of one branch', ['--single-branch'], 'is not a branch, a branch of origin'],
])('a clone that is %s lacks the old build, and has it after what the hint says to do', async (_, flags, said) => {
  await using other = await serving();
  git(one.folder, 'branch', 'old/build');
  committed();
  const clone = join(other.folder, 'clone');
  git(other.folder, 'clone', '--quiet', ...flags, `file://${one.folder}`, 'clone');
  await one.write({ command }, both('old/build'));
  await writeFile(join(clone, 'scenario.yaml'), await readFile(join(one.folder, 'scenario.yaml')));
  const run = async (): Promise<Result> => {
    const { stdout } = await contendHere(['run', 'scenario.yaml', '--allow-run', '--json', '-q'], { cwd: clone });
    return JSON.parse(stdout) as Result;
  };
  const { invalid } = await run();
  expect(invalid?.message).toContain(said);
  const [, words = ''] = /git (fetch origin \S+), or/u.exec(invalid?.hint ?? '') ?? [];
  git(clone, ...words.split(' '));
  expect(await run()).toMatchObject({ exitCode: 0, serves: [{ git: { commit: one.main } }, {}] });
});

test('a folder that the old build has not is told, with where it was looked for', async () => {
  await mkdir(join(one.folder, 'bench'));
  await one.write({ command, cwd: 'bench' }, both('main'));
  const { invalid } = await runInvalid(one);
  const short = one.main.slice(0, 12);
  expect(invalid.message).toBe(`serve-1 (before) cannot be started in bench: main (${short}) has no such folder`);
  expect(invalid.hint).toContain('cwd: ..');
  await assertClean();
});

test('a setup finds the repository of its own build, also where a hook of git has contend run in another one', async () => {
  await one.write({ command, setup: ['sh', '-c', 'echo "built from $(git rev-parse HEAD)"'] }, both('HEAD~1'));
  committed();
  const hook = { GIT_DIR: join(one.folder, '.git'), GIT_INDEX_FILE: join(one.folder, '.git/index') };
  expect(await one.run(['-q'], hook)).toMatchObject({ code: 0 });
  expect(await one.out('serve-1.log')).toContain(`built from ${one.main}\n`);
  await assertClean();
});

test('a setup can bring the submodules, and nothing of them is left', async () => {
  await using library = await repository();
  git(one.folder, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', library.folder, 'library');
  git(one.folder, 'commit', '--quiet', '-am', 'with a library');
  const setup = ['git', '-c', 'protocol.file.allow=always', 'submodule', 'update', '--init', '--quiet'];
  await one.write({ command: [process.execPath, '--import', './library/build.mjs', 'api.mjs'], setup }, both('main'));
  expect(await one.run(['-q'])).toMatchObject({ code: 0 });
  expect(await one.out('serve-1.log')).toContain('this is the old build\n');
  await assertClean();
});

describe.each(['SIGINT', 'SIGKILL'] as const)('%s', (signal) => {
  test('while the old build is checked out ends contend, git, and what it has checked out so far', async () => {
    // A filter that takes its time, as that of large files does.
    await writeFile(join(one.folder, '.gitattributes'), '*.large filter=slow\n');
    await writeFile(join(one.folder, 'a.large'), 'x');
    git(one.folder, 'add', '.');
    committed();
    git(one.folder, 'config', 'filter.slow.smudge', 'touch "$HOME/begun"; sleep 100; cat');
    await one.write({ command }, both('main'));
    const running = one.start(['-d', '60s'], { HOME: one.folder });
    const begun = async (): Promise<boolean> =>
      access(join(one.folder, 'begun')).then(
        () => true,
        () => false,
      );
    await expect.poll(begun, { timeout: 30_000 }).toBe(true);
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code: signal === 'SIGINT' ? 130 : null });
    await assertClean();
  });
});
