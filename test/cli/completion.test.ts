import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contendHere } from './contend.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-completion-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const scriptFor = async (shell: string): Promise<string> => (await contendHere(['completion', shell])).stdout;

describe('a shell completes', () => {
  /** What bash offers where these words stand on the line, the last one being typed. */
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const file = join(folder, 'contend.bash');
    await writeFile(file, await scriptFor('bash'));
    const line = words.map((word) => `'${word}'`).join(' ');
    const asked = `. "$1"; COMP_WORDS=(contend ${line}); COMP_CWORD=${words.length}; _contend; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const told = execFileSync('bash', ['-c', asked, 'bash', file], { encoding: 'utf8', cwd: folder });
    return told.split('\n').filter((one) => one !== '');
  };

  test('commands, flags and the values of flags, in bash', async () => {
    expect(await offered('va')).toEqual(['validate']);
    expect(await offered('')).toEqual(expect.arrayContaining(['run', 'init', 'completion']));
    expect(await offered('run', '--und')).toEqual(['--undecided']);
    expect(await offered('run', '--undecided', '')).toEqual(['fail', 'warn']);
    expect(await offered('init', '--or')).toEqual(['--origin']);
    expect(await offered('run', '--keepalive')).toEqual([]);
  });

  test('files where a file is meant, in bash', async () => {
    expect(await offered('run', 'contend.b')).toEqual(['contend.bash']);
  });

  test('what fish and zsh are told is of the same commands and flags', async () => {
    const [zsh, fish] = [await scriptFor('zsh'), await scriptFor('fish')];
    expect(zsh).toMatch(/^#compdef contend\n/);
    expect(zsh).toContain("'*--undecided[whether undecided (exit code 97) fails a build]:value:(fail warn)'");
    expect(fish).toContain("-n '__fish_seen_subcommand_from init' -l origin -r");
    expect(fish.split('\n').filter((line) => line.includes('__fish_use_subcommand')).length).toBeGreaterThan(8);
  });
});

test('another shell is refused with those that there are', async () => {
  const { code, stderr } = await contendHere(['completion', 'tcsh']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish') as string]);
});
