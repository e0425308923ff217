import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { About } from '../../src/core/history/about.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf } from './document.ts';
import { type Build, modelScenarios, type ModelTarget, openModelTarget } from './model-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-late-'));
let target: ModelTarget;

/** A counter of which every twentieth change is made 700 ms later, and never answered. One that answers 202 makes all 20 ms later. */
const numbers = new Map<string, number>();
const late = new Set<NodeJS.Timeout>();
let asked = 0;
const counter = createServer((request, response) => {
  const [, how = '', key = ''] = request.url!.split('/');
  const name = `${how} ${key}`;
  const answer = (status: number): unknown =>
    setTimeout(() => response.writeHead(status).end(JSON.stringify({ n: numbers.get(name) ?? 0 })), 2);
  const add = (by = 1): unknown => numbers.set(name, (numbers.get(name) ?? 0) + by);
  request.resume().on('end', () => {
    if (how === 'reset') numbers.clear();
    if (request.method === 'GET' || how === 'reset') return answer(200);
    if (how === 'accepts') {
      setTimeout(add, 20);
      return answer(202);
    }
    if (++asked % 20 === 0) return late.add(setTimeout(add, 700));
    add(how === 'twice' && asked % 9 === 0 ? 2 : 1);
    return answer(200);
  });
});

beforeAll(async () => {
  target = await openModelTarget();
  await once(counter.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  counter.closeAllConnections();
  counter.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  // What a test before has left to come.
  for (const timer of late) clearTimeout(timer);
  late.clear();
  numbers.clear();
  target.restart();
});
afterEach(assertNoLeftovers);

const run = async (text: string) => {
  const [file, histories] = [join(folder, 'late.yaml'), mkdtempSync(join(folder, 'histories-'))];
  writeFileSync(file, text);
  const { code, stdout } = await contendHere(['run', file, '-q', '--json', '--history', histories]);
  const { modes, generator } = documentOf(stdout);
  const { warnings } = generator;
  const kept = readdirSync(histories).map((name) => {
    const path = join(histories, name);
    const [line = ''] = readFileSync(path, 'latin1').split('\n');
    return { path, about: (JSON.parse(line) as { readonly about: About }).about };
  });
  return { code, verdicts: modes.map(({ consistency }) => consistency!.verdict), modes, warnings, kept };
};

const verify = async (path: string): Promise<string> => {
  const { stdout } = await contendHere(['verify', path, '--json']);
  return (JSON.parse(stdout) as { readonly verdict: string }).verdict;
};

const counted = (how: string, more: { readonly [part: string]: string } = {}): string => `
target: http://127.0.0.1:${(counter.address() as AddressInfo).port}
destructive: true
rounds: ${more['rounds'] ?? 3}
load: { users: 8, duration: 3s, warmup: 0s }
${more['before'] ?? ''}
data: { k: 1..3 }
steps: [{ name: add, post: '/${how}/\${k}', timeout: 200ms }]
modes: ${more['modes'] ?? '{ one: none, two: none }'}
consistency:
  ${more['settle'] ?? ''}
  counter:
    key: '\${k}'
    add: { step: add, by: 1 }
    read: { get: '/${how}/\${key}', value: body.n }
`;
const before = 'before: [{ post: /reset }]';

describe('a counter whose changes come late', () => {
  test.each([
    ['in later slots of both modes', {}],
    ['across resets', { before }],
    ['in one slot alone', { before, rounds: '1', modes: '{ one: none }' }],
  ])('is right %s', async (_, more) => {
    const { code, verdicts, kept } = await run(counted('late', more));
    expect([code, new Set(verdicts)]).toEqual([0, new Set(['consistent'])]);
    for (const { path } of kept) expect(await verify(path)).toBe('consistent');
    expect(kept.some(({ about }) => (about.carried?.rows ?? 0) > 0)).toBe(kept.length > 1);
  });

  test('has nothing carried where all of it settles before the values are read', async () => {
    const { code, kept } = await run(counted('late', { before, settle: 'settle: 1s' }));
    expect([code, kept.map(({ about }) => about.carried)]).toEqual([0, kept.map(() => undefined)]);
  });

  test('is accused of what came later than it was said to settle', async () => {
    expect((await run(counted('late', { settle: 'settle: 1ms', rounds: '6' }))).code).toBe(98);
  });

  test('is accused where it counts twice, with all that is open', async () => {
    const { code, verdicts } = await run(counted('twice', { before }));
    expect([code, verdicts]).toEqual([98, ['violated', 'violated']]);
  });
});

describe('a counter that answers 202, and counts 20 ms later', () => {
  const accepts = (settle: string): string =>
    counted('accepts', { settle, modes: '{ one: none }', rounds: '2' }).replace('duration: 3s', 'duration: 1s');

  test('is not put to the test where nobody says when it has counted, with a hint', async () => {
    const { code, warnings } = await run(accepts(''));
    expect([code, warnings.find(({ code: one }) => one === 'OUTCOME_UNKNOWN')?.hint]).toEqual([
      97,
      expect.stringContaining('settle: 2s'),
    ]);
  });

  test('is right where it does so in the time that it has to settle', async () => {
    const { code, verdicts, modes, warnings, kept } = await run(accepts('settle: 300ms'));
    expect([code, verdicts]).toEqual([0, ['consistent']]);
    expect(modes[0]!.consistency!.coverage.unknown).toBe(0);
    expect(warnings.filter(({ code: one }) => one === 'OUTCOME_UNKNOWN')).toEqual([]);
    for (const { path } of kept) expect(await verify(path)).toBe('consistent');
  });

  test('is wrong where it takes longer', async () => {
    expect((await run(accepts('settle: 1ms'))).code).toBe(98);
  });
});

// A number that is written back late was written back late in its own slot, too, as locks are waited for: that is no false accusation.
const models = Object.keys(modelScenarios).filter((model) => model !== 'rmw-counter');

describe.each(models)('a %s whose changes come in later slots', (model) => {
  const scenario = (build: Build, isReset: boolean): string => `
target: ${target.origin}/${build}
destructive: true
rounds: 3
load: { users: 6, iterations: 270, warmup: 0 }
timeouts: { request: 150ms }
data: { k: 1..2, to: 1..2, id: uuid }
${isReset ? 'before: [{ post: /reset }]' : ''}
modes: { one: {}, two: {} }
${modelScenarios[model]}
`;

  test.each([true, false])('is not accused; with a reset: %s', async (isReset) => {
    const { verdicts, kept } = await run(scenario('late', isReset));
    expect(verdicts).not.toContain('violated');
    // A grant that takes effect late takes a place, and makes no other one wrong: nothing of it is carried.
    expect(kept.some(({ about }) => about.carried !== undefined)).toBe(model !== 'at-most');
    for (const { path } of kept) expect(await verify(path)).not.toBe('violated');
  });

  test('is accused where it is wrong beside', async () => {
    expect((await run(scenario('late-and-wrong', true))).verdicts).toContain('violated');
  });
});
