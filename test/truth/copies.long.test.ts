import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';
import { openShop } from '../shop-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-copies-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Clicks {
  readonly wrongEvery: number;
  readonly lock: 'none' | 'mutex';
  readonly workers: number;
  readonly users: number;
}

/** One name for each click, which only one of its two copies may have. */
const clicked = async ({ wrongEvery, lock, workers, users }: Clicks) => {
  await using shop = await openShop(wrongEvery);
  const file = join(folder, 'clicks.yaml');
  const text = `target: ${shop.origin}
rounds: 1
load: { users: ${users}, iterations: 2000, warmup: 0 }
data: { name: { range: 1..2000, pick: unique } }
before: [{ post: /reset }]
steps:
  - { name: signup, post: /names, json: { name: 'user \${name}' }, expect: { status: [201, 409] }, copies: 2 }
modes: { only: ${lock} }
consistency:
  at-most: { key: '\${name}', limit: 1, grant: { step: signup } }
`;
  writeFileSync(file, text);
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', '-w', String(workers)]);
  if (stdout === '') throw new Error(stderr);
  const [mode] = documentOf(stdout).modes;
  expectIdentities(mode!);
  expect([mode!.iterations.completed, mode!.requests.total, mode!.attempts]).toEqual([2000, 4000, 2000]);
  return { consistency: mode!.consistency!, wrong: shop.wrong() };
};

describe.each<Omit<Clicks, 'wrongEvery'>>([
  { lock: 'none', workers: 1, users: 16 },
  { lock: 'none', workers: 2, users: 16 },
  // Nobody else is there, and a lock holds nobody off: it is one user who clicks twice.
  { lock: 'mutex', workers: 1, users: 1 },
])('two copies of one click, lock $lock, $users users, $workers workers', (clicks) => {
  test('get one name twice where a target is wrong once in a thousand: it is found', { timeout: 60_000 }, async () => {
    const { consistency, wrong } = await clicked({ ...clicks, wrongEvery: 1000 });
    expect(wrong).toBeGreaterThan(0);
    expect(consistency.verdict).toBe('violated');
  });

  test('are not accused where it is right, among a hundred pairs', { timeout: 60_000 }, async () => {
    const { consistency } = await clicked({ ...clicks, wrongEvery: 0 });
    expect([consistency.verdict, consistency.findings]).toEqual([
      expect.stringMatching(/^(consistent|no-violation-found)$/u),
      [],
    ]);
    expect(consistency.exposure.overlapping).toBeGreaterThan(100);
    expect(consistency.coverage.acknowledged).toBe(2000);
  });
});
