import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../cli/contend.ts';

const docs = readFileSync(`${root}docs/api.md`, 'utf8');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contend-api-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the example of a test in docs/api.md passes as it stands', { timeout: 60_000 }, () => {
  const [, code] = /```ts title=store\.test\.ts\n([^]+?)```/u.exec(docs)!;
  const built = new URL('../../dist/bundle/index.js', import.meta.url).href;
  writeFileSync(join(folder, 'store.test.ts'), code!.replace("from 'contend'", `from '${built}'`));
  writeFileSync(
    join(folder, 'vitest.config.js'),
    'export default { test: { server: { deps: { external: [/dist/] } } } };',
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], TMPDIR: folder }, timeout: 55_000 },
  );
  expect({ status, told: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, told: '' });
});
