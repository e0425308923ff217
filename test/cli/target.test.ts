import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contendHere } from './contend.ts';
import { openServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-cli-target-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenarioOf = (modes: string): string => {
  const file = join(folder, 'two.yaml');
  writeFileSync(
    file,
    `target: http://127.0.0.1:9\nrounds: 1\nload: { users: 1, iterations: 2 }\nsteps: [{ get: / }]\nmodes: ${modes}\n`,
  );
  return file;
};

describe('--target', () => {
  test('that would reach no mode, as each has one of its own, is refused before anything is sent', async () => {
    const file = scenarioOf('{ before: { target: "http://127.0.0.1:1" }, after: { target: "http://127.0.0.1:2" } }');
    const { code, stderr } = await contendHere(['run', file, '--target', 'http://127.0.0.1:9999']);
    expect(code).toBe(2);
    expect(stderr).toContain('--target http://127.0.0.1:9999 reaches no mode: each of them has a target of its own.');
  });

  test('that reaches some modes says which before the run', async () => {
    await using server = await openServer(() => 200);
    const file = scenarioOf(`{ before: { target: "${server.origin}" }, after: none }`);
    const { code, stderr } = await contendHere(['run', file, '--target', `${server.origin}/base`]);
    expect(stderr).toContain('--target replaces the target of after; the other modes have their own.');
    expect(code).toBe(0);
    expect(new Set(server.requests.filter((request) => request.startsWith('GET')))).toEqual(
      new Set(['GET /', 'GET /base/']),
    );
  });

  test('that reaches every mode says nothing of it', async () => {
    await using server = await openServer(() => 200);
    const { stderr } = await contendHere(['run', scenarioOf('{ a: none, b: none }'), '--target', `${server.origin}/`]);
    expect(stderr).not.toContain('--target is');
  });
});
