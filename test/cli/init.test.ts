import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf } from './document.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contend-init-'));
});
afterEach(async () => rm(cwd, { recursive: true }));
afterEach(assertNoLeftovers);

test('contend init writes a scenario that is valid, says where its schema is, and runs as it stands', async () => {
  const written = await contendHere(['init'], { cwd });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toContain('contend run scenario.yaml');
  const text = await readFile(join(cwd, 'scenario.yaml'), 'utf8');
  expect(text).toMatch(
    /^# yaml-language-server: \$schema=https:\/\/unpkg\.com\/contend@[\d.]+\/scenario\.schema\.json\n/u,
  );
  expect(text).toContain('contend run scenario.yaml ');
  expect(await contendHere(['validate', 'scenario.yaml'], { cwd })).toMatchObject({
    code: 0,
    stdout:
      'ok  scenario.yaml  starter: locked, lock-free, compared with locked, 6 rounds\n    about 17 s, as many requests as 16 users are answered\n',
    stderr: '',
  });
  const { code, stdout } = await contendHere(['run', 'scenario.yaml', '-d', '200ms', '--rounds', '1', '-q', '--json'], {
    cwd,
  });
  expect(code).toBe(0);
  expect(documentOf(stdout).modes.map(({ name }) => name)).toEqual(['locked', 'lock-free']);
});

test('contend init tells commands that a shell takes as they stand, whatever the file is called', async () => {
  const { stdout } = await contendHere(['init', "it's mine ü.yaml"], { cwd });
  expect(stdout).toContain(String.raw`  contend run 'it'\''s mine ü.yaml'`);
});

test('contend init never writes over a file, and says so', async () => {
  await writeFile(join(cwd, 'mine.yaml'), 'mine');
  const { code, stdout, stderr } = await contendHere(['init', 'mine.yaml'], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    'contend: mine.yaml cannot be written: a file is in the way.\nNothing was changed. Name another file: contend init my.yaml\n',
  );
  expect(await readFile(join(cwd, 'mine.yaml'), 'utf8')).toBe('mine');
  expect((await contendHere(['init', 'nowhere/mine.yaml'], { cwd })).code).toBe(2);
});

test('contend validate looks at every file, whatever is wrong with the others', async () => {
  await mkdir(join(cwd, 'folder'));
  await writeFile(join(cwd, 'broken.yaml'), 'target: http://localhost\nsteps: [{ gett: / }]\n');
  await writeFile(join(cwd, 'tls.yaml'), 'target: https://localhost\ntls: { ca: missing.pem }\nsteps: [{ get: / }]\n');
  await writeFile(
    join(cwd, 'token.yaml'),
    'target: http://a.test\nsecrets: [TOKEN]\nsteps: [{ get: "/${env.TOKEN}" }]\n',
  );
  const { code, stdout, stderr } = await contendHere(
    ['validate', 'broken.yaml', 'missing.yaml', 'folder', 'tls.yaml', 'token.yaml'],
    { cwd },
  );
  expect(code).toBe(2);
  expect(stdout).toBe('ok  token.yaml  token: 1 round\n    about 10 s, as many requests as 50 users are answered\n');
  expect(stderr).toContain('broken.yaml:2:11  unknown key "gett"');
  expect(stderr).toContain('missing.yaml cannot be read: there is no such file or folder.');
  expect(stderr).toContain('folder cannot be read: it is a folder.');
  expect(stderr).toContain('missing.pem');
});

test('contend schema prints the file that comes with the package', async () => {
  const { stdout } = await contendHere(['schema']);
  expect(stdout).toBe(await readFile(new URL('../../scenario.schema.json', import.meta.url), 'utf8'));
});
