import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ModeResult } from '../../src/core/result/result.ts';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';
import { openShop } from '../shop-server.ts';

/** What came of a run against the shop. */
export interface Seen {
  readonly mode: ModeResult;
  /** How many requests the shop did wrong. */
  readonly wrong: number;
}

/**
 * Runs a scenario against a shop that does one request of so many wrong, and holds what it keeps against the same model again.
 *
 * @param steps what an iteration does, and the section `consistency:`
 */
export const seenOf = async (steps: string, iterations: number, wrongEvery: number): Promise<Seen> => {
  await using shop = await openShop(wrongEvery);
  const folder = mkdtempSync(join(tmpdir(), 'contend-promises-'));
  try {
    const file = join(folder, 'shop.yaml');
    writeFileSync(
      file,
      `target: ${shop.origin}
rounds: 1
load: { users: 16, iterations: ${iterations}, warmup: 0s }
before: [{ post: /reset }]
modes: { only: none }
${steps}`,
    );
    const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', '--history', folder]);
    if (stdout === '') throw new Error(stderr);
    const mode = documentOf(stdout).modes[0]!;
    expectIdentities(mode);
    const [name] = readdirSync(folder).filter((one) => one.endsWith('.history'));
    const kept = await contendHere(['verify', join(folder, name!), '--json']);
    if (kept.stdout === '') throw new Error(kept.stderr);
    expect((JSON.parse(kept.stdout) as VerifiedHistory).verdict).toBe(mode.consistency!.verdict);
    return { mode, wrong: shop.wrong() };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
