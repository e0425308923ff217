import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import { listen, type StoreServer } from '../../../src/store/server.ts';
import { inTerminal, noPython, type Action } from './pseudo-terminal.ts';

let store: StoreServer;
let folder: string;
beforeAll(async () => {
  store = await listen(new MemoryStore({ serviceUs: 1000 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
  await fetch(`${store.origin}/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ products: 2, stock: 10 }),
  });
});
afterAll(async () => store.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const run = (more: string): string => `$contend run ${store.origin}/products/1 -c 8 --warmup 200ms ${more}`;
const shown: Action = { until: '? keys' };
const anew = (mark: string): readonly Action[] => [{ mark }, { until: '? keys', after: mark }];

describe.skipIf(noPython !== '')(`the view in a terminal${noPython}`, () => {
  test('draws below what is there, answers to its keys, and leaves nothing but the report', async () => {
    const seen = await inTerminal(`echo above; ${run('-d 60s --live')}`, [
      shown,
      { wait: 1.2, mark: 'view' },
      { write: '?', wait: 0.4, mark: 'help' },
      { write: '?', wait: 0.4 },
      { write: '-', wait: 0.4, mark: 'coarser' },
      { write: 'p', wait: 0.4, mark: 'held' },
      { wait: 1.2, mark: 'still' },
      { write: 'p', wait: 0.7 },
      { write: 'v', wait: 0.7, mark: 'line' },
      { write: 'v', wait: 0.7, mark: 'back' },
      { write: 'q' },
    ]);
    const view = seen.at('view');
    expect(view.text).toMatch(
      /^above\n.*about 60 s\n.* measuring .* s left\n {2}mode .*now\/s.*last 2 s\n● lock-free/u,
    );
    expect(view.text).toMatch(/[1-9][\d,]* +– +~\d.*\n(?:.*[▁▂▃▄▅▆▇█].*\n)+/u);
    expect(view.isCursorSeen).toBe(false);
    expect(seen.at('help').text).toContain('shorter, longer window');
    expect(seen.at('coarser').text).toContain('last 5 s');
    expect(seen.at('held').text).toContain('the view is paused, the load goes on');
    expect(seen.at('still').text).toBe(seen.at('held').text);
    expect(seen.at('line').text).toMatch(/^above\n.*\n[█░]+ .*\/s +\d+ s left$/u);
    expect(seen.at('back').text).toContain('● lock-free');
    expect([seen.code, seen.isRestored, seen.at().isAsBefore]).toEqual([130, true, true]);
    expect(seen.at().text).not.toMatch(/\? keys|now\/s/u);
    expect(seen.at().scrolled.concat(seen.at().text).join('\n')).toMatch(
      /^above\n.*about 60 s\n.*8 users.*\n\nINTERRUPTED/u,
    );
  });

  test('leaves standard output alone: --json prints one document', async () => {
    const file = join(folder, 'result.json');
    const seen = await inTerminal(`${run('-d 2s --live --json')} > ${file}`, [shown]);
    const { headline, modes } = JSON.parse(await readFile(file, 'utf8')) as Result;
    expect([seen.code, headline, modes.length]).toEqual([0, 'DONE', 1]);
    expect(seen.at().text).toMatch(/about 2 s$/u);
    expect(seen.isRestored).toBe(true);
  });

  test('adds and takes users, and the result says when; what is asked of times is undecided then', async () => {
    const file = join(folder, 'result.json');
    const gates = '--gate "p99 < 1h" --gate "errors < 50%"';
    const seen = await inTerminal(`${run(`-d 4s --live --json ${gates}`)} > ${file}`, [
      shown,
      { wait: 0.6, write: 'uu' },
      { wait: 1.2, mark: 'more' },
      { write: 'd', wait: 1, mark: 'fewer' },
    ]);
    const [mode] = (JSON.parse(await readFile(file, 'utf8')) as Result).modes;
    expect(seen.at('more').text).toContain('10 users, 8 planned');
    expect(seen.at('fewer').text).toContain('9 users, 8 planned');
    expect(mode?.usersChanged).toMatchObject([
      { round: 1, users: 10 },
      { round: 1, users: 9 },
    ]);
    expect(mode?.usersChanged?.map(({ second }) => second).every((second) => second > -1 && second < 4)).toBe(true);
    const { gates: judged, exitCode } = JSON.parse(await readFile(file, 'utf8')) as Result;
    expect([judged.map(({ verdict }) => verdict), exitCode, seen.code]).toEqual([['undecided', 'pass'], 97, 97]);
  });

  test.each<[string, readonly Action[], number]>([
    ['q', [{ write: 'q' }], 130],
    ['q, twice', [{ write: 'q' }, { wait: 0.05 }, { write: 'q' }], 130],
    ['Ctrl-C, twice', [{ write: '\u0003' }, { wait: 0.05 }, { write: '\u0003' }], 130],
    ['SIGINT', [{ signal: 'INT' }], 130],
    ['SIGTERM', [{ signal: 'TERM' }], 143],
    ['SIGHUP', [{ signal: 'HUP' }], -1],
    // Nothing of it is left to do that: another process does.
    ['SIGKILL', [{ signal: 'KILL' }, { wait: 1 }, { wait: 2 }], -9],
  ])('restores the terminal at %s', async (_, actions, code) => {
    const seen = await inTerminal(run('-d 60s --live'), [shown, { wait: 0.7 }, ...actions]);
    expect([seen.code, seen.isRestored, seen.at().isAsBefore]).toEqual([code, true, true]);
  });

  test('restores the terminal where the process ends by an error that nobody expected', async () => {
    const module = join(folder, 'throws.mjs');
    await writeFile(
      module,
      `import { isMainThread } from 'node:worker_threads';
       if (isMainThread) setTimeout(() => { throw new Error('unheard of'); }, 3000);`,
    );
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(module).href}` };
    const seen = await inTerminal(run('-d 60s --live'), [shown], { env });
    expect(seen.output).toContain('unheard of');
    expect([seen.code, seen.isRestored, seen.at().isAsBefore]).toEqual([1, true, true]);
  });

  test('Ctrl-Z gives the terminal back to the shell, and going on draws it anew', async () => {
    const seen = await inTerminal(run('-d 60s --live'), [
      shown,
      { wait: 0.7 },
      { write: '\u001a', wait: 0.7, mark: 'stopped' },
      { signal: 'CONT' },
      ...anew('on'),
      { wait: 0.3, mark: 'drawn' },
      { signal: 'TSTP', wait: 0.7, mark: 'again' },
      { signal: 'CONT' },
      ...anew('more'),
      { write: 'q' },
    ]);
    expect(seen.stops).toEqual([true, true]);
    for (const mark of ['stopped', 'again']) {
      expect(seen.at(mark).text).toMatch(/about 60 s$/u);
      expect(seen.at(mark).isAsBefore).toBe(true);
    }
    expect(seen.at('drawn').text).toContain('? keys');
    expect([seen.code, seen.isRestored]).toEqual([130, true]);
  });

  test('follows the size of the terminal, down to the line and back', async () => {
    const seen = await inTerminal(
      run('-d 60s --live'),
      [
        shown,
        { wait: 0.7 },
        { size: [50, 24], wait: 0.8, mark: 'narrow' },
        { size: [100, 8], wait: 0.8, mark: 'low' },
        { size: [70, 20] },
        ...anew('roomy'),
        { wait: 0.3, mark: 'drawn' },
        ...Array.from({ length: 30 }, (_, at): Action => ({
          wait: 0.02,
          size: [60 + ((at * 7) % 60), 5 + ((at * 3) % 40)],
        })),
        { size: [100, 24] },
        ...anew('settled'),
        { write: 'q' },
      ],
      { columns: 100 },
    );
    for (const mark of ['narrow', 'low']) expect(seen.at(mark).text).toMatch(/\/s +\d+ s left$/u);
    expect(seen.at('drawn').text).toContain('● lock-free');
    expect([seen.code, seen.isRestored, seen.at().isAsBefore]).toEqual([130, true, true]);
  });

  test('is not shown where it cannot be, and says why once', async () => {
    const reasons: readonly [why: RegExp, command: string, setting: Parameters<typeof inTerminal>[2]][] = [
      [/no --live: TERM=dumb/u, run('-d 1s --live'), { env: { TERM: 'dumb' } }],
      [/no --live: CI is set/u, run('-d 1s --live'), { env: { CI: 'true' } }],
      [/no --live: the terminal has 50 × 24/u, run('-d 1s --live'), { columns: 50 }],
      [/no --live: standard input is not a terminal/u, run('-d 1s --live < /dev/null'), {}],
      [/no --live: --quiet/u, run('-d 1s --live -q'), {}],
      [/no --live: standard error is not a terminal/u, `${run('-d 1s --live')} 2>&1 | cat`, {}],
    ];
    const all = await Promise.all(reasons.map(async ([, command, setting]) => inTerminal(command, [], setting)));
    for (const [at, [why]] of reasons.entries()) {
      const { output, isRestored, code } = all[at]!;
      expect(output.replaceAll('\r\n', '')).toMatch(why);
      expect(output.match(/no --live/gu)).toHaveLength(1);
      expect(output).not.toMatch(/\? keys/u);
      expect([code, isRestored]).toEqual([0, true]);
    }
  });

  test('a terminal that is stopped for three seconds holds neither the view nor the line, nor the load', async () => {
    for (const flags of ['--live', '']) {
      const file = join(folder, 'result.json');
      const seen = await inTerminal(`${run(`-d 6s ${flags} --json`)} > ${file}`, [
        { until: 's left' },
        { wait: 1 },
        { flow: 'off', wait: 0.3, mark: 'stopped' },
        { wait: 3, mark: 'still' },
        { flow: 'on', wait: 1, mark: 'on' },
      ]);
      const [mode] = (JSON.parse(await readFile(file, 'utf8')) as Result).modes;
      expect(seen.at('still').text).toBe(seen.at('stopped').text);
      expect(seen.at('on').text).not.toBe(seen.at('still').text);
      // Each second has what completed in it: none is empty.
      expect(mode!.series.length).toBeGreaterThanOrEqual(6);
      for (const { completed } of mode!.series.slice(0, 6)) expect(completed).toBeGreaterThan(100);
      expect([seen.code, seen.isRestored, seen.at().isAsBefore]).toEqual([0, true, true]);
    }
  });

  test('a terminal that stays stopped does not keep the process', async () => {
    const file = join(folder, 'result.json');
    const seen = await inTerminal(`${run('-d 2s --live --json')} > ${file}`, [
      shown,
      { flow: 'off' },
      { wait: 6 },
      { mark: 'end' },
    ]);
    expect((JSON.parse(await readFile(file, 'utf8')) as Result).headline).toBe('DONE');
    expect([seen.code, seen.isRestored]).toEqual([0, true]);
  });
});
