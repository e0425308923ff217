import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { built, root } from './contend.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-deploy-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const inFolder = async (
  program: string,
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<{ readonly code: number; readonly text: string }> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env: { PATH: process.env['PATH'], ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: `${stdout}${stderr}` });
    });
  });

describe('the action', () => {
  const scenario = (gates: string): string =>
    `target: builtin:store\nload: { users: 2, iterations: 40 }\nrounds: 1\nbefore: [{ post: /reset, json: { products: 1, stock: 10 } }]\nsteps: [{ get: /products/1 }]\nmodes: { plain: none }\ngates: [${gates}]\n`;
  const action = async (gates: string, flags = '') => {
    await writeFile(join(folder, 'scenario.yaml'), scenario(gates));
    await writeFile(join(folder, 'outputs'), '');
    const { code, text } = await inFolder(join(root, 'deploy', 'action.sh'), [], {
      CONTEND_ACTION_COMMAND: `${process.execPath} ${built}`,
      CONTEND_ACTION_SCENARIO: 'scenario.yaml',
      CONTEND_ACTION_FLAGS: flags,
      CONTEND_ACTION_OUT: 'kept',
      GITHUB_OUTPUT: join(folder, 'outputs'),
    });
    return { code, text, outputs: await readFile(join(folder, 'outputs'), 'utf8') };
  };

  test('ends as the run does, tells what became of it, and leaves the files to be kept', async () => {
    const passed = await action('errors < 50%');
    expect([passed.code, passed.outputs]).toEqual([0, 'code=0\nverdict=pass\nout=kept\n']);
    expect(await readFile(join(folder, 'kept', 'report.html'), 'utf8')).toContain('<html');
    const failed = await action('throughput > 100000000');
    expect([failed.code, failed.outputs]).toEqual([99, 'code=99\nverdict=gate-failed\nout=kept\n']);
    const refused = await action('nonsense');
    expect([refused.code, refused.outputs]).toEqual([2, 'code=2\nverdict=not-run\nout=kept\n']);
  });

  test('hands flags on as words', async () => {
    const { code, text } = await action('errors < 50%', '--rounds 2 --gate nonsense(');
    expect(code).toBe(2);
    expect(text).toContain('nonsense(');
  });

  test('runs that script with what its inputs say', async () => {
    const { inputs, runs } = parse(await readFile(join(root, 'action.yml'), 'utf8')) as {
      readonly inputs: object;
      readonly runs: {
        readonly using: string;
        readonly steps: readonly { readonly run?: string; readonly env?: { readonly [name: string]: string } }[];
      };
    };
    expect(runs.using).toBe('composite');
    expect(runs.steps[0]!.run).toBe('"$GITHUB_ACTION_PATH/deploy/action.sh"');
    const named = [...JSON.stringify(runs).matchAll(/inputs\.(\w+)/g)].map(([, name]) => name!);
    expect(new Set(named)).toEqual(new Set(Object.keys(inputs)));
    const script = await readFile(join(root, 'deploy', 'action.sh'), 'utf8');
    for (const name of Object.keys(runs.steps[0]!.env!)) expect(script).toContain(name);
  });
});

describe('publishing', () => {
  const publish = async (described: object) => {
    await mkdir(join(folder, 'deploy'), { recursive: true });
    await copyFile(join(root, 'deploy', 'publishable.mjs'), join(folder, 'deploy', 'publishable.mjs'));
    await writeFile(join(folder, 'package.json'), JSON.stringify(described));
    return inFolder(process.execPath, ['deploy/publishable.mjs']);
  };

  test('asks for the addresses of the project', async () => {
    const none = await publish({ name: 'x' });
    expect([none.code, none.text]).toEqual([
      1,
      'package.json has no homepage, no repository, no bugs: add the addresses of the project, then publish again.\n',
    ]);
    const some = await publish({ homepage: 'https://h.test', repository: { url: '' }, bugs: 'https://h.test/issues' });
    expect([some.code, some.text]).toEqual([
      1,
      'package.json has no repository: add the addresses of the project, then publish again.\n',
    ]);
    const all = await publish({
      homepage: 'https://h.test',
      repository: { url: 'git+https://h.test/x.git' },
      bugs: { url: 'https://h.test/issues' },
    });
    expect([all.code, all.text]).toEqual([0, '']);
  });

  test('is where it is asked', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: { readonly [name: string]: string };
    };
    expect(scripts['prepublishOnly']).toBe('node deploy/publishable.mjs');
  });
});
