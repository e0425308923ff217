import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Host } from '../../src/core/host.ts';
import type { Result } from '../../src/core/result/result.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { scriptedHost, type ScriptedHost } from './host.ts';

/** Nothing that is bought is ever missing, so `bought` is right with -1 and wrong with -2. */
const scenario = (by: number): string => `
name: buying
before: [{ post: /reset, json: { products: 1, stock: 1000 } }]
data: { product: 1..1 }
steps: [{ name: buy, post: "/products/\${product}/purchases", json: { quantity: 1 } }]
modes: { bought: mutex }
consistency:
  counter: { key: "\${product}", add: { step: buy, by: ${by} }, read: { get: "/products/\${key}", value: body.stock } }
`;

const files = [
  'bought.hgrm',
  'junit.xml',
  'report.html',
  'result.json',
  'slots.csv',
  'summary.md',
  'violations.ndjson',
];
let store: StoreServer;

beforeAll(async () => {
  store = await listen(new MemoryStore({ serviceUs: 0 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
});

afterAll(async () => {
  await store.close();
});

/** How many requests the store has answered. */
const asked = async (): Promise<unknown> => (await fetch(`${store.origin}/stats`)).json();

const refused = (code: string): Error => Object.assign(new Error(`${code}: of the file system`), { code });

/** What was written, in its order. */
interface Written {
  readonly path: string;
  readonly text: string;
}

interface Ran extends ScriptedHost {
  readonly code: number;
  readonly written: readonly Written[];
}

/** Three rounds into the folder `out`; `fails`: why the write of that number cannot be done. */
const run = async (fails: (write: number) => string | undefined, by = -1, given: Partial<Host> = {}): Promise<Ran> => {
  const written: Written[] = [];
  let writes = 0;
  const argv = ['run', 'buying.yaml', '--target', store.origin, '-n', '30', '-c', '2', '--rounds', '3', '-o', 'out'];
  const scripted = scriptedHost(argv, {
    readText: async () => scenario(by),
    replaceFile: async (path, text) => {
      const code = fails(++writes);
      if (code !== undefined) throw refused(code);
      written.push({ path, text });
    },
    ...given,
  });
  return { ...scripted, code: await main(scripted.host), written };
};

describe('--out', () => {
  test('has every file before the first request, and again after every round', async () => {
    const { written, code } = await run(() => undefined);
    expect(code).toBe(0);
    const passes = Array.from({ length: 4 }, (_, at) => written.slice(at * files.length, (at + 1) * files.length));
    expect(written).toHaveLength(4 * files.length);
    for (const pass of passes)
      expect(pass.map(({ path }) => path).toSorted()).toEqual(files.map((name) => `out/${name}`));
    expect(passes[0]?.map(({ text }) => text)).toEqual(files.map(() => ''));
  });

  test('holds a whole document after every round, undecided until the last', async () => {
    const { written } = await run(() => undefined);
    const documents = written
      .filter(({ path, text }) => path === 'out/result.json' && text !== '')
      .map(({ text }) => JSON.parse(text) as Result);
    expect(documents.map(({ modes }) => modes[0]?.slots.length)).toEqual([1, 2, 3]);
    expect(documents.map(({ exitCode, verdict }) => [exitCode, verdict.is])).toEqual([
      [97, 'undecided'],
      [97, 'undecided'],
      [0, 'pass'],
    ]);
    expect(documents[0]?.verdict.because).toBe('the run is not over');
  });

  test.each([
    ['EACCES', 'permission denied'],
    ['EROFS', 'its file system is read-only'],
    ['ENOSPC', 'the disk is full'],
    ['EISDIR', 'it is a folder'],
    ['ELOOP', 'ELOOP: of the file system'],
  ])('that cannot be written from the beginning (%s) is a usage error, and nothing is sent', async (why, words) => {
    const before = await asked();
    const { code, stdout, stderr } = await run(() => why);
    expect(code).toBe(2);
    expect(stdout()).toBe('');
    expect(stderr()).toBe(
      `contend: --out out cannot be written: ${words}.\nName a folder that can be created or written to.\n`,
    );
    expect(await asked()).toEqual(before);
  });

  test('that fills up later loses no report: it is told once, and the exit code is 1', async () => {
    const { code, stdout, stderr } = await run((write) => (write > 7 ? 'ENOSPC' : undefined));
    expect(code).toBe(1);
    expect(stdout()).toContain('PASS');
    expect(stderr().match(/cannot be written: the disk is full\.\n/gu)).toHaveLength(1);
  });

  test('that fills up later leaves a worse exit code as it is', async () => {
    const { code, stdout } = await run((write) => (write > 7 ? 'ENOSPC' : undefined), -2);
    expect(code).toBe(98);
    expect(stdout()).toContain('FAIL');
  });

  test('that was full for a while is told, and in the end as it should be', async () => {
    const { code, stderr } = await run((write) => (write === files.length + 1 ? 'ENOSPC' : undefined));
    expect(code).toBe(0);
    expect(stderr()).toContain('the disk is full');
  });
});
