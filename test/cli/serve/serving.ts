import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { start, type Ended, type Running } from '../contend.ts';

/** A folder with a target that has faults, and what contend makes of it. */
export interface Serving extends AsyncDisposable {
  readonly folder: string;
  /** Writes the scenario: `serve:` in JSON, and whatever else it says. */
  write(serve: object, more?: string): Promise<void>;
  /** Starts `contend run` with it. */
  start(argv?: readonly string[], env?: { readonly [name: string]: string }, scenario?: string): Running;
  /** Runs it to its end, and sees that nothing is left. */
  run(argv?: readonly string[], env?: { readonly [name: string]: string }, scenario?: string): Promise<Ended>;
  /** Fails where a process or a temporary folder is left. */
  nothingLeft(): Promise<void>;
  readonly out: (name: string) => Promise<string>;
}

/** Processes need a moment to be gone once they are killed; a busy machine takes longer. */
const goneWithinMs = 15_000;

/** The command of the target with this fault. */
export const api = (fault = 'none'): string[] => [process.execPath, 'api.mjs', fault];

/** Makes a folder with the target in it. */
export const serving = async (): Promise<Serving> => {
  const folder = await mkdtemp(join(tmpdir(), 'contend-serving-'));
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await copyFile(new URL('api.mjs', import.meta.url), join(folder, 'api.mjs'));
  const mark = `SERVING=${folder}`;
  const begin: Serving['start'] = (argv = [], env = {}, scenario = 'scenario.yaml') =>
    start(['run', scenario, '--allow-run', '--out', 'out', ...argv], {
      cwd: folder,
      env: { SERVING: folder, TMPDIR: temporary, ...env },
      withinMs: 60_000,
    });
  const nothingLeft = async (): Promise<void> => {
    const left = async (): Promise<readonly string[]> => [...processesWith(mark), ...(await readdir(temporary))];
    for (let waitedMs = 0; waitedMs < goneWithinMs && (await left()).length > 0; waitedMs += 50) await pause(50);
    expect(await left()).toEqual([]);
  };
  return {
    folder,
    write: async (serve, more = '') => {
      const usual = {
        target: '"http://127.0.0.1:${port}"',
        rounds: '2',
        load: '{ users: 1, iterations: 20 }',
        steps: '[{ name: read, get: /stock }]',
      };
      const lines = Object.entries(usual).flatMap(([key, value]) =>
        new RegExp(`^${key}:`, 'mu').test(more) ? [] : [`${key}: ${value}`],
      );
      const told = { env: { PORT: '${port}', FOLDER: '${folder}' }, ready: { get: '/health' }, ...serve };
      await writeFile(join(folder, 'scenario.yaml'), [`serve: ${JSON.stringify(told)}`, ...lines, more, ''].join('\n'));
    },
    start: begin,
    run: async (argv, env, scenario) => {
      const ended = await begin(argv, env, scenario).ended;
      await nothingLeft();
      return ended;
    },
    nothingLeft,
    out: async (name) => readFile(join(folder, 'out', name), 'utf8'),
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  };
};

/** Less than what a process has to be ready, even on a slow machine: what goes wrong is told at once. */
const atOnceMs = 25_000;

/**
 * Runs one that goes wrong: it ends with 96 at once, with its message at the top, and nothing is left.
 *
 * @returns the document, and what was said of it
 */
export const runInvalid = async (
  one: Serving,
): Promise<Ended & { readonly result: Result; readonly invalid: NonNullable<Result['invalid']> }> => {
  const ended = await one.run(['-q']);
  const result = JSON.parse(await one.out('result.json')) as Result;
  const { headline, exitCode, invalid } = result;
  expect([ended.code, exitCode, headline, invalid?.code]).toEqual([96, 96, 'INVALID', 'ERR_SERVE']);
  // In its own line breaks.
  const squeezed = (text: string): string => text.replaceAll(/\s+/gu, '');
  expect(squeezed(ended.stdout)).toContain(`INVALID${squeezed(invalid!.message)}`);
  expect(ended.durationMs).toBeLessThan(atOnceMs);
  return { ...ended, result, invalid: invalid! };
};

/** The processes that have a variable in their environment, as `1234 node api.mjs`; none where the system does not tell. */
const processesWith = (mark: string): readonly string[] => {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/u.test(name) && `\0${textOf(`/proc/${name}/environ`)}`.includes(`\0${mark}\0`))
    .map((name) => `${name} ${textOf(`/proc/${name}/cmdline`).replaceAll('\0', ' ')}`);
};

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};
