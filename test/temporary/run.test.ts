import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, startProgram } from '../cli/contend.ts';
import { patienceVariable } from './names.ts';

let project: string;
let temporary: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'project-'));
  temporary = join(project, 'temporary');
  mkdirSync(temporary);
});
afterAll(() => rmSync(project, { recursive: true }));

/** A file of one test that does something when it is loaded. */
const fileOf = (line: string): string => `
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
const make = (name) => mkdtempSync(tmpdir() + '/' + name);
${line}
test('passes', () => {});`;

/** Runs vitest on files of one test each, as this repository's configuration has it. */
const vitest = async (files: { readonly [name: string]: string }) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), fileOf(text));
  const [globalSetup, setupFiles] = ['run.ts', 'file.ts'].map((name) => join(root, 'test/temporary', name));
  const settings = { globals: true, isolate: false, globalSetup, setupFiles, include: Object.keys(files) };
  const projects = ['one', 'other'].map((name) => ({ extends: true, test: { name } }));
  const config = `export default ${JSON.stringify({ test: { ...settings, projects } })};`;
  writeFileSync(join(project, 'vitest.config.mjs'), config);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  return startProgram(process.execPath, [vitest, 'run', '--root', project, '--no-color'], {
    env: { TMPDIR: temporary, [patienceVariable]: '500' },
    cwd: project,
  }).ended;
};

test('a run in which a file of tests leaves something fails, and names both; what is left is deleted', async () => {
  const { code, stdout, stderr } = await vitest({
    'tidy.js': `rmSync(make('gone-'), { recursive: true });`,
    'untidy.js': `make('left-'); make('forgotten-');`,
  });
  expect(stdout).toContain('4 passed');
  expect(stderr).toMatch(/left something in the temporary folder:\n {2}untidy\.js: forgotten-\w+, left-\w+\n/u);
  expect(code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});

test('a run in which nothing is left succeeds', async () => {
  const { code, stdout, stderr } = await vitest({ 'tidy.js': `rmSync(make('gone-'), { recursive: true });` });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('2 passed');
  expect(readdirSync(temporary)).toEqual([]);
});
