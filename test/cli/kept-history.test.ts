import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { About } from '../../src/core/history/about.ts';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf } from './document.ts';
import { modelScenarios, type ModelTarget, openModelTarget } from './model-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-kept-'));
let target: ModelTarget;
beforeAll(async () => {
  target = await openModelTarget();
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
afterEach(assertNoLeftovers);

const run = async (model: string, build: string, ...flags: readonly string[]) => {
  const [file, histories] = [join(folder, `${model}.yaml`), mkdtempSync(join(folder, 'histories-'))];
  writeFileSync(
    file,
    `
target: ${target.origin}/${build}
destructive: true
rounds: 1
load: { users: 6, iterations: 90, warmup: 0 }
data: { k: 1..2, to: 1..2, id: uuid }
before: [{ post: /reset }]
modes: { free: {} }
${modelScenarios[model]}
`,
  );
  const { code, stdout } = await contendHere(['run', file, '-q', '--json', '--history', histories, ...flags]);
  const [name, ...others] = readdirSync(histories);
  const kept = join(histories, name!);
  return { code, mode: documentOf(stdout).modes[0]!, kept, others };
};

const verify = async (kept: string, ...flags: readonly string[]) => {
  const { code, stdout } = await contendHere(['verify', kept, '--json', ...flags]);
  return { code, ...(JSON.parse(stdout) as VerifiedHistory) };
};

describe.each(Object.keys(modelScenarios))('what a run has kept of a %s', (model) => {
  test.each(['right', 'wrong'])('is judged again as the run has judged it, on a target that is %s', async (build) => {
    const { code, mode, kept, others } = await run(model, build);
    expect(others).toEqual([]);
    const again = await verify(kept);
    expect(again.code).toBe(code);
    expect(again.verdict).toBe(mode.consistency!.verdict);
    expect(again.verdict === 'violated').toBe(build === 'wrong');
    expect(again.findings.map(({ rule, key }) => [rule, key])).toEqual(
      mode.consistency!.findings.map(({ rule, key }) => [rule, key]),
    );
    expect(await verify(kept, '--model', model)).toEqual(again);
  });
});

test('the shares of several workers are kept as one history', async () => {
  const { code, kept, others } = await run('counter', 'right', '-w', '2');
  expect([code, others]).toEqual([0, []]);
  const again = await verify(kept);
  expect([again.code, again.verdict, again.coverage.acknowledged]).toEqual([0, 'consistent', 90]);
});

test('a kept history says in its first line what it is, and the values before and after', async () => {
  const { kept, mode } = await run('issue', 'right');
  const [line = ''] = readFileSync(kept, 'latin1').split('\n');
  const { about } = JSON.parse(line) as { readonly about: About };
  expect(about).toEqual({
    mode: mode.name,
    round: 1,
    model: 'issue',
    promises: { isOrdered: true, isDense: true },
    initial: {},
    final: {},
  });
  const counted = (await run('counter', 'right')).kept;
  const said = JSON.parse(readFileSync(counted, 'latin1').split('\n')[0]!) as { readonly about: About };
  const sum = ({ final }: About): number => Object.values(final).reduce<number>((all, one) => all + Number(one), 0);
  expect([said.about.initial, sum(said.about)]).toEqual([{ 1: 100, 2: 100 }, 200 + 2 * 90]);
});

test('a kept history yields to what the flags say', async () => {
  const { kept } = await run('counter', 'right');
  const { code, findings } = await verify(kept, '--initial', '98');
  expect([code, findings.map(({ rule }) => rule)]).toEqual([98, ['more-than-acknowledged', 'more-than-acknowledged']]);
});

test('lines of JSON do not say which model they are to be held against', async () => {
  const lines = join(folder, 'lines.ndjson');
  writeFileSync(lines, '{"key":"a","session":1,"f":"add","call":0,"ret":1,"status":"ok"}\n');
  const { code, stderr } = await contendHere(['verify', lines]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--model is one of register, cas-register')]);
});
