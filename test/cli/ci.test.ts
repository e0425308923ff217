import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Host } from '../../src/core/host.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { scriptedHost, type ScriptedHost } from './host.ts';

/** Two are counted for every one that is bought: never right. */
const scenario = `
name: "::error::buying"
before: [{ post: /reset, json: { products: 1, stock: 1000 } }]
data: { product: 1..1 }
steps: [{ name: buy, post: "/products/\${product}/purchases", json: { quantity: 1 } }]
modes: { bought: mutex }
consistency:
  counter: { key: "\${product}", add: { step: buy, by: -2 }, read: { get: "/products/\${key}", value: body.stock } }
`;
let store: StoreServer;

beforeAll(async () => {
  store = await listen(new MemoryStore({ serviceUs: 0 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
});

afterAll(async () => {
  await store.close();
});

const run = async (
  env: Host['env'],
  flags: readonly string[] = [],
  given: Partial<Host> = {},
): Promise<ScriptedHost> => {
  const argv = ['run', 'buying.yaml', '--target', store.origin, '-n', '10', '-c', '2', '--rounds', '1', ...flags];
  const scripted = scriptedHost(argv, { env, readText: async () => scenario, ...given });
  expect(await main(scripted.host)).toBe(98);
  return scripted;
};

const annotation = /^::error title=contend%3A data not right%3A bought::bought: 5 of 10 acknowledged updates lost/mu;

describe('GITHUB_STEP_SUMMARY', () => {
  test('gets the summary at the end of what is there', async () => {
    const appended: (readonly [string, string])[] = [];
    const appendText: Host['appendText'] = async (path, text) => void appended.push([path, text]);
    await run({ GITHUB_STEP_SUMMARY: '/a/summary' }, [], { appendText });
    expect(appended).toEqual([['/a/summary', expect.stringMatching(/^# ::error::buying\n\n\*\*FAIL\*\* /u)]]);
  });

  test('that is empty or not set is no file', async () => {
    let appended = 0;
    const appendText = async (): Promise<void> => void appended++;
    await run({ GITHUB_STEP_SUMMARY: '' }, [], { appendText });
    await run({}, [], { appendText });
    expect(appended).toBe(0);
  });

  test('that cannot be written is told, and changes neither the report nor the exit code', async () => {
    const appendText = async (): Promise<void> => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }));
    const { stdout, stderr } = await run({ GITHUB_STEP_SUMMARY: '/a/summary' }, [], { appendText });
    expect(stdout()).toContain('FAIL');
    expect(stderr()).toContain(
      'contend: the summary cannot be added to GITHUB_STEP_SUMMARY, /a/summary: permission denied.\n',
    );
  });
});

describe('GITHUB_ACTIONS', () => {
  test('has what failed marked on stdout, after the report, in which no line is a command', async () => {
    const { stdout, stderr } = await run({ GITHUB_ACTIONS: 'true' });
    expect(stdout().match(/^\s*::.*$/gmu)).toEqual([expect.stringMatching(annotation)]);
    expect(stdout().trimEnd().split('\n').at(-1)).toMatch(annotation);
    expect(stdout()).toMatch(/^: :error::buying/mu);
    expect(stderr()).not.toMatch(/^\s*::/mu);
  });

  test('has it marked on stderr with --json, where stdout is the document alone', async () => {
    const { stdout, stderr } = await run({ GITHUB_ACTIONS: 'true' }, ['--json']);
    expect(JSON.parse(stdout())).toMatchObject({ exitCode: 98 });
    expect(stderr()).toMatch(annotation);
  });

  test('that is not set marks nothing', async () => {
    const { stdout, stderr } = await run({});
    expect(stdout() + stderr()).not.toMatch(annotation);
  });
});
