import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { contendHere } from '../contend.ts';
import { git, repository } from './repository.ts';
import { api, runInvalid, serving, type Serving } from './serving.ts';

const both = (ref: string): string => `modes: { before: { serve: { git: ${ref} } }, after: {} }`;
const command = [process.execPath, '--import', './build.mjs', 'api.mjs'];

const resultOf = async ({ out }: Serving): Promise<Result> => JSON.parse(await out('result.json')) as Result;

let one: Awaited<ReturnType<typeof repository>>;
beforeEach(async () => {
  one = await repository();
  return async () => one[Symbol.asyncDispose]();
});

describe('git: the old build', () => {
  test('is that of the branch, the other that of the files as they are; nothing of it is left, and the repository is as it was', async () => {
    await one.write({ command }, both('main'));
    const before = git(one.folder, 'status', '--porcelain');
    expect(await one.run(['-q'], { HOME: one.folder })).toMatchObject({ code: 0 });
    expect(await one.out('serve-1.log')).toContain('this is the old build\n');
    expect(await one.out('serve-2.log')).toContain('this is the new build\n');
    expect((await resultOf(one)).serves).toMatchObject([
      { git: { ref: 'main', commit: one.main } },
      { modes: ['after'] },
    ]);
    expect(git(one.folder, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(git(one.folder, 'status', '--porcelain')).toBe(before);
    await expect(readFile(join(one.folder, 'hooked'))).rejects.toThrow('ENOENT');
  });

  test('is that of origin where there is no local branch, or a commit, in a folder of the repository', async () => {
    git(one.folder, 'update-ref', 'refs/remotes/origin/release/1', one.main);
    await mkdir(join(one.folder, 'bench'));
    await one.write(
      { command },
      'modes: { a: { serve: { git: release/1 } }, b: { serve: { git: "COMMIT" } } }'.replace(
        'COMMIT',
        one.main.slice(0, 10),
      ),
    );
    expect(await one.run(['-q'])).toMatchObject({ code: 0 });
    const { serves = [] } = await resultOf(one);
    expect(serves.map((serve) => serve.git)).toEqual([
      { ref: 'release/1', commit: one.main },
      { ref: one.main.slice(0, 10), commit: one.main },
    ]);
  });

  test('that is nowhere is 96, and says what to fetch; nothing is started', async () => {
    await one.write({ command, setup: 'touch set-up' }, 'modes: { before: { serve: { git: no-such } } }');
    const { invalid } = await runInvalid(one);
    expect(invalid).toMatchObject({
      message: expect.stringContaining('git: no-such is not a branch, a branch of origin or a commit in') as unknown,
      hint: expect.stringMatching(/git fetch origin no-such.*fetch-depth: 0/u) as unknown,
    });
  });

  test('in a shallow clone, which lacks it, is told to be one', async () => {
    await using other = await serving();
    git(one.folder, 'commit', '--quiet', '-am', 'the new build');
    git(one.folder, 'branch', 'old', one.main);
    const clone = join(other.folder, 'clone');
    git(other.folder, 'clone', '--quiet', '--depth', '1', `file://${one.folder}`, 'clone');
    await other.write({ command: api() }, both('old'));
    await writeFile(join(clone, 'scenario.yaml'), await readFile(join(other.folder, 'scenario.yaml')));
    const ended = await contendHere(['run', 'scenario.yaml', '--allow-run', '--json', '-q'], { cwd: clone });
    expect(ended.code).toBe(96);
    expect((JSON.parse(ended.stdout) as Result).invalid?.message).toContain('which is a shallow clone');
  });

  test('outside its repository is refused, and so is one in no repository', async () => {
    await one.write({ command, cwd: '..' }, both('main'));
    const outside = await one.run(['-q']);
    expect(outside).toMatchObject({ code: 2, stderr: expect.stringContaining('lies outside') as unknown });
    await using other = await serving();
    await other.write({ command: api() }, both('main'));
    const none = await other.run(['-q']);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('is in no repository') as unknown });
  });

  test('validate says where its race ends the run, and starts no git', async () => {
    const counter =
      'consistency: { counter: { key: a, add: { step: read, by: 1 }, read: { get: /stock, value: body.stock } } }';
    await one.write({ command }, `${both('no-such')}\n${counter}`);
    const ended = await contendHere(['validate', 'scenario.yaml'], { cwd: one.folder });
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('before is the build at no-such: if its data is wrong the run ends with 98');
  });
});
