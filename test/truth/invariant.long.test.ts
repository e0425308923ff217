import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities, sentIn } from '../cli/document.ts';
import { openLedger, type LedgerFault } from '../ledger-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

const judged = async (fault: LedgerFault, workers: number, every: string, duration = '5s') => {
  await using ledger = await openLedger({ fault });
  const file = join(folder, 'ledger.yaml');
  // As long as a fault may take to be found.
  const text = `target: ${ledger.origin}
rounds: 2
load: { users: 16, duration: ${duration}, warmup: 50ms }
before: [{ post: /reset }]
steps: [{ name: pay, post: /payments }]
consistency:
  invariant: { get: /report, that: body.debit == body.credit${every} }
`;
  writeFileSync(file, text);
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', '-w', String(workers)]);
  if (stdout === '') throw new Error(stderr);
  const document = documentOf(stdout);
  expect(sentIn(document)).toBe(ledger.asked());
  const [mode] = document.modes;
  expectIdentities(mode!);
  return mode!;
};

describe.each([1, 2])('a ledger that is wrong in one payment of a thousand, with %d workers', (workers) => {
  test.each<readonly [LedgerFault, string]>([
    ['for good', ''],
    ['for good', ', every: 20ms'],
    ['for a moment', ', every: 5ms'],
  ])('%s is found within ten seconds, asked%s', { timeout: 60_000 }, async (fault, every) => {
    const { consistency, requests } = await judged(fault, workers, every);
    expect(requests.total).toBeGreaterThan(1000);
    expect([consistency!.verdict, consistency!.findings[0]?.rule]).toEqual(['violated', 'invariant-broken']);
  });

  test(
    'and one that is right is not accused, asked a hundred times while payments were under way',
    { timeout: 60_000 },
    async () => {
      const { consistency, requests } = await judged('none', workers, ', every: 5ms', '8s');
      expect([consistency!.verdict, consistency!.findings]).toEqual(['no-violation-found', []]);
      expect(consistency!.exposure.overlapping).toBeGreaterThan(100);
      expect(requests.unmeasured.observer).toBeGreaterThanOrEqual(consistency!.exposure.overlapping);
    },
  );
});
