import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assertNoLeftovers, root, startProgram, type Ended } from './contend.ts';
import { documentOf, expectAllFields, expectIdentities } from './document.ts';

const patience = 120_000;
const bundle = 'dist/bundle/';
let packed: string;
let folder: string;
let files: readonly string[];

/** npm and npx, where the package is installed; what npm is told by its environment is part of its way to the registry. */
const npm = async (program: 'npm' | 'npx', args: readonly string[], cwd = folder): Promise<Ended> => {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(npm_config_|https?_proxy$|no_proxy$|node_extra_ca_certs$)/iu.test(name) && value !== undefined
        ? [[name, value]]
        : [],
    ),
  );
  // Whether there is a newer npm is nobody's question here.
  const quiet = { npm_config_update_notifier: 'false' };
  const ended = await startProgram(program, args, { cwd, env: { ...env, ...quiet }, withinMs: patience }).ended;
  if (ended.code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
  return ended;
};

/** Those files of the bundle, and all that they load. */
const chunksFrom = async (entries: readonly string[]): Promise<readonly string[]> => {
  const found = new Set(entries);
  for (const name of found) {
    const text = await readFile(join(root, bundle, name), 'utf8');
    for (const [, other] of text.matchAll(/"\.\/([^"/]+\.js)"/gu)) found.add(other!);
  }
  return [...found];
};

/** The packages that these files import when they run. */
const packagesIn = async (paths: readonly string[]): Promise<readonly string[]> => {
  const found = new Set<string>();
  for (const path of paths) {
    const text = (await readFile(path, 'utf8')).replaceAll(/^import type [^;]*;/gmu, '');
    const loads = text.matchAll(
      /(?:^(?:import .*|\}) from |\b(?:import|load)[$\d]*\()['"]((?:@[a-z-]+\/)?[a-z][\w-]*)['"/]/gmu,
    );
    for (const [, name] of loads) if (!isBuiltin(name!)) found.add(name!);
  }
  return [...found];
};

/** What all files in a folder take, in bytes. */
const sizeOf = async (of: string): Promise<number> => {
  let bytes = 0;
  for (const entry of await readdir(of, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
};

beforeAll(async () => {
  packed = await mkdtemp(join(tmpdir(), 'contend-packed-'));
  folder = await mkdtemp(join(tmpdir(), 'contend-installed-'));
  // Built already, and a build would take dist away from whoever runs beside this.
  const pack = await npm('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', packed], root);
  const [told] = JSON.parse(pack.stdout) as [{ filename: string; files: { path: string }[] }];
  files = told.files.map(({ path }) => path);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const quick = ['--no-audit', '--no-fund', '--prefer-offline'];
  await npm('npm', ['install', ...quick, join(packed, told.filename)]);
}, patience);

afterAll(async () => {
  await rm(packed, { recursive: true });
  await rm(folder, { recursive: true });
});

afterEach(assertNoLeftovers);

describe('the tarball', () => {
  test('has the command, the scenarios, the licence and what else of words there is', async () => {
    const there = await readdir(root);
    const words = ['README.md', 'CHANGELOG.md'].filter((name) => there.includes(name));
    for (const path of [
      'package.json',
      'LICENSE',
      'scenario.schema.json',
      'scenarios/online-store.yaml',
      'deploy/Dockerfile',
      ...words,
    ]) {
      expect(files).toContain(path);
    }
    for (const name of ['contend.js', 'index.js', 'store-entry.js', 'worker.js', 'screen-entry.js', 'LICENSES.txt']) {
      expect(files).toContain(`dist/bundle/${name}`);
    }
    expect(files).toContain('dist/src/index.d.ts');
  });

  test('has no tests, no sources beside their types, and no settings of this repository', () => {
    const allowed =
      /^(dist\/bundle\/([^/]+\.js|LICENSES\.txt)|dist\/src\/.+\.d\.ts|scenarios\/.+|deploy\/(action\.sh|compose\.yaml|Dockerfile)|docs\/.+\.(md|svg|png)|[A-Z]+(\.md)?|package\.json|scenario\.schema\.json)$/u;
    expect(files.filter((path) => !allowed.test(path))).toEqual([]);
  });

  test('has pages whose links lead to files that are in it', async () => {
    const pages = files.filter((path) => path.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(20);
    const folders = new Set(
      files.flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))),
    );
    const astray: string[] = [];
    for (const page of pages) {
      const text = (await readFile(join(root, page), 'utf8')).replaceAll(/^```[^]*?^```/gmu, '');
      for (const [, link] of text.matchAll(/\]\((?![a-z]+:)([^)#\s]+)(?:#[^)]*)?\)/gu)) {
        const path = join(dirname(page), link!).replace(/\/$/u, '');
        if (!files.includes(path) && !folders.has(path)) astray.push(`${page} → ${link!}`);
      }
    }
    expect(astray).toEqual([]);
  });

  test('has types of sources that are there, and no code that is left from another build', async () => {
    const sources = await readdir(join(root, 'src'), { recursive: true });
    const typed = files.filter((path) => path.endsWith('.d.ts')).map((path) => path.slice('dist/src/'.length));
    expect(typed.filter((path) => !sources.includes(path.replace(/\.d\.ts$/u, '.ts')))).toEqual([]);
    const loaded = await chunksFrom(['contend.js', 'index.js', 'store-entry.js', 'worker.js', 'screen-entry.js']);
    const shipped = files
      .filter((path) => /^dist\/bundle\/.*\.js$/u.test(path))
      .map((path) => path.slice(bundle.length));
    expect(shipped.filter((name) => !loaded.includes(name))).toEqual([]);
  });

  test('says the licence of each package whose code is in it, and depends on each that it loads', async () => {
    const { dependencies, peerDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: object;
      readonly peerDependencies: object;
    };
    const named = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
    const licences = await readFile(join(root, bundle, 'LICENSES.txt'), 'utf8');
    const sources = (await readdir(join(root, 'src'), { recursive: true })).filter((path) => path.endsWith('.ts'));
    const imported = await packagesIn(sources.map((path) => join(root, 'src', path)));
    const left = await packagesIn(files.filter((path) => /bundle.*\.js$/u.test(path)).map((path) => join(root, path)));
    expect(left).toEqual(expect.arrayContaining(['commander', 'undici', 'pg']));
    expect(left.filter((name) => !named.has(name))).toEqual([]);
    const inside = imported.filter((name) => !left.includes(name));
    expect(inside).toEqual(expect.arrayContaining(['yaml', 'zod']));
    expect(inside.filter((name) => !licences.includes(`\n${name} `) && !licences.startsWith(`${name} `))).toEqual([]);
  });
});

describe('the package installed into an empty folder', () => {
  test('takes less than 16 MB with all that it needs', async () => {
    expect((await sizeOf(join(folder, 'node_modules'))) / 1e6).toBeLessThan(16);
  });

  test('has a command', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    expect((await npm('npx', ['contend', '--version'])).stdout).toBe(`${version}\n`);
  });

  test(
    'runs the demonstration from any folder',
    async () => {
      const short = ['-c', '16', '-d', '200ms', '--warmup', '20ms', '--rounds', '1'];
      const ended = await npm('npx', ['contend', 'demo', ...short, '-q', '--json']);
      const document = documentOf(ended.stdout);
      expectAllFields(document);
      for (const mode of document.modes) expectIdentities(mode);
      expect(document.modes.map(({ name }) => name)).toEqual(['locked', 'two-locks', 'optimistic', 'lock-free']);
      expect(document.modes.map(({ lost }) => (lost?.atLeast ?? 0) > 0)).toEqual([false, false, false, true]);
    },
    patience,
  );

  /** Runs a program in the folder; it prints one JSON value. */
  const program = async (lines: string): Promise<unknown> => {
    await writeFile(join(folder, 'program.mjs'), lines);
    const ended = await startProgram(process.execPath, ['program.mjs'], { cwd: folder }).ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(ended.stdout) as unknown;
  };

  test('gives a program every problem of a scenario', async () => {
    const problems = await program(`
      import { validate } from 'contend';
      const bad = validate('target: http://127.0.0.1:9\\nsteps: [{ gett: / }]\\nroundz: 2', 'my.yaml');
      const good = validate('target: http://127.0.0.1:9\\nsteps: [{ get: / }]');
      console.log(JSON.stringify({ bad, good }));`);
    expect(problems).toMatchObject({
      bad: expect.arrayContaining([
        expect.objectContaining({ place: 'my.yaml:2:11', file: 'my.yaml', message: 'unknown key "gett"' }),
        expect.objectContaining({ place: 'my.yaml:3:1', message: 'unknown key "roundz"' }),
      ]) as unknown,
      good: [],
    });
  });

  test('runs a scenario for a program, and throws nothing but what it says', async () => {
    const told = await program(`
      import { ContendError, run } from 'contend';
      const settings = [
        { path: ['load', 'iterations'], value: 8, from: 'a test' },
        { path: ['load', 'users'], value: 4, from: 'a test' },
        { path: ['rounds'], value: 2, from: 'a test' },
      ];
      const scenario = 'node_modules/contend/scenarios/online-store.yaml';
      const result = await run(scenario, { settings, modes: ['locked', 'lock-free'] });
      const refused = await run(scenario, { modes: ['none'] }).catch((error) => error);
      console.log(JSON.stringify({
        result,
        refused: { isContendError: refused instanceof ContendError, code: refused.code, message: refused.message },
      }));`);
    const { result, refused } = told as { result: unknown; refused: unknown };
    const document = documentOf(`${JSON.stringify(result)}\n`);
    expectAllFields(document);
    expect(document.exitCode).toBe(0);
    expect(document.modes.map(({ iterations, users }) => [iterations.begun, users])).toEqual([
      [8, 4],
      [8, 4],
    ]);
    expect(refused).toMatchObject({
      isContendError: true,
      code: 'ERR_SCENARIO',
      message: expect.stringContaining('no mode is called "none"') as string,
    });
  });

  test('has types that a strict program compiles with', async () => {
    await writeFile(
      join(folder, 'typed.mts'),
      `import { run, validate, type Problem, type Result, type RunOptions } from 'contend';
       const options: RunOptions = { modes: ['locked'], signal: new AbortController().signal };
       const problems: readonly Problem[] = validate('steps: []');
       export const place: string | undefined = problems[0]?.place;
       export const result: Promise<Result> = run('scenario.yaml', options);
       // @ts-expect-error: a file is a path
       export const wrong = run(5);`,
    );
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const ended = await startProgram(process.execPath, [tsc, ...flags, 'typed.mts'], { cwd: folder }).ended;
    expect(ended).toMatchObject({ code: 0, stdout: '' });
  });
});
